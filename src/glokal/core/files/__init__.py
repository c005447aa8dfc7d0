"""Files of a project: found, read within limits, locked, written whole or not at all.

In come folders and contents; out come the files that may be read, and files that no
crash leaves half written.
"""
