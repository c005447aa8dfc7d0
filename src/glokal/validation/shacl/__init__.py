"""The package glokal.validation.shacl."""
