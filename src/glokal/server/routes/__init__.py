"""The package glokal.server.routes."""
