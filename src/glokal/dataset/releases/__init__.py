"""Releases of the dataset: recorded, read again, also from Git, and compared.

In come a project or a revision; out come graphs, the differences between two of them,
and what has been removed.
"""
