"""Checks: syntax, SHACL, reasoning, rules in SPARQL, quotations, expected answers.

In come a project, files or an endpoint; out come findings, each with its place, and the
reports made of them.
"""
