"""The publication: dumps, catalogue and pages."""
