"""What everything else stands on: errors, settings, files, child processes, HTTP.

In come paths, bytes and settings; out come checked values, whole files and errors that
say what to do. It knows nothing of RDF but the namespaces.
"""
