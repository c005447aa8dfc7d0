"""What everything else stands on: child processes, Git, files and locks.

It knows nothing of RDF, of projects or of the command.
"""
