"""Loading a project's graphs into a SPARQL service."""
