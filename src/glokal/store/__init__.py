"""Stores that answer SPARQL."""
