"""Several regions as one dataset: their graphs, what is the same, what is asked of all.

In come the settings of several regions and the shared list; out come the graphs of all
by their names, the things that are one, proposals, and the questions across.
"""
