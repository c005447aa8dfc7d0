"""Checks of the sources: each step yields findings."""
