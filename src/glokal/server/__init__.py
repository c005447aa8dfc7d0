"""The publication over HTTP."""
