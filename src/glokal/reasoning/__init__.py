"""What follows from the graph by the axioms of the ontology."""
