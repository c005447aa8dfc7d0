"""The package glokal.server.workers."""
