"""Triples as Turtle, N-Triples, JSON-LD, RDF/XML and CSV.

In come triples and prefixes; out come texts, always the same for the same triples.
"""
