"""Glokal: knowledge graph and linked-data publisher for regional strategies."""

__version__ = "0.1.0"
