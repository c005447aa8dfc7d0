"""The package glokal.site.diff."""
