"""A language server for Turtle (LSP 3.17): faults, meanings and words while one writes.

In come the texts of an editor and the files of a project; out come diagnostics, hovers,
places, completions, fixes and formatted texts.
"""
