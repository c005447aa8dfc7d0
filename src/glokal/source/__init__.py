"""The strategy's documents and passages, and which passage says which statement.

In come the files of the source and of the strategy; out come the statements, each with
the smallest passages that say it, and proposals where a person has to choose.
"""
