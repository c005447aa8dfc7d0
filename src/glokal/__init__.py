"""Glokal: knowledge graph and linked-data publisher for regional strategies."""
