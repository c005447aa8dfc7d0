"""The graph as files: formats, checksums, the same bytes from the same sources."""
