"""Logins for remote services: Basic, Digest, Bearer, OAuth 2, AWS signatures.

In come settings and secrets; out come the headers of a request that says who sends it.
"""
