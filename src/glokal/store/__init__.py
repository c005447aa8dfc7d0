"""Stores that answer SPARQL: pyoxigraph in memory or on disk, and remote services.

In come graphs and queries; out come rows and triples as the standards have them,
whatever an engine does in its own way.
"""
