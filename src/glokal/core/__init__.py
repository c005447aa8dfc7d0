"""What everything else stands on: child processes, Git, the network, the disk.

It knows nothing of RDF, of projects or of the command.
"""
