"""RDF files: reading, writing, formatting, places."""
