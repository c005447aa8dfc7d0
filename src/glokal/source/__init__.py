"""The source: its documents and passages, and which passage says which statement."""
