"""A project's graphs: files, views, statuses, canned queries, dumps, releases, pushes.

In come the settings of a project; out come its triples, the rows that its queries give,
its dumps, and what changed between releases.
"""
