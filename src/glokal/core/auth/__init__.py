"""The package glokal.core.auth."""
