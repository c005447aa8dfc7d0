"""The one reader of SPARQL: a text goes in, a tree with places and a new text come out.

A query is split into tokens, parsed by the grammar of SPARQL 1.1 (section 19.8), judged
on its tree, rewritten where the engine is known to be wrong, and printed anew for it.
"""
