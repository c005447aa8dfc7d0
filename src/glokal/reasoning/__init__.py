"""What follows from a graph by its axioms: by HermiT, or by rules in SPARQL.

In come triples; out come the inferred triples, or why nothing sound can follow.
"""
