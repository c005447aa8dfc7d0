"""Worker processes that answer queries: the pool, its protocol, its programs.

In come queries with limits; out come answers in the format that is asked for.
"""
