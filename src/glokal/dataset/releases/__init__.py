"""Editions: what was published when, and what has changed since."""
