"""The package glokal.site.pages."""
