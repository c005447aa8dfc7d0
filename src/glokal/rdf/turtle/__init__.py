"""The package glokal.rdf.turtle.formatter."""
