"""The package glokal.server.middleware."""
