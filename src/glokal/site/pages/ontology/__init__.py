"""The page of the ontology: terms, constraints, code lists, their changes.

In come the ontology, the shapes and the releases; out comes one page, where the terms'
IRIs lead.
"""
