"""A project's graphs: files, labels, statuses, canned queries, dumps and releases.

In come the settings of a project; out come its triples, the rows that its queries give,
its dumps, and what changed between releases.
"""
