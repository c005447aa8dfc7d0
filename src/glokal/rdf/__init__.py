"""RDF files and graphs: read in any format, compared, canonicalised, written.

In come files; out come triples with the place and the syntax errors of each, and texts
that hold the same triples.
"""
