"""The ontology, the shapes and the code lists as they are read by people."""
