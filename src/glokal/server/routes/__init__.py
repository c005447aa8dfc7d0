"""The routes, one module a kind of address.

In come requests; out come responses, made of files or of the answers of workers.
"""
