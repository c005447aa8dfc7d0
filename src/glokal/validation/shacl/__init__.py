"""SHACL: two engines in child processes, the lint of shapes, the messages.

In come data and shapes as graphs, files or an endpoint; out come results with focus
node, path, value and message.
"""
