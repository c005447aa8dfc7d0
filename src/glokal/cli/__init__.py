"""The command line, one module a command.

In come arguments and options; out come text, files and the exit code: 0 clean, 1
findings, 2 wrong use or a failure.
"""
