"""Answers for programs that ask on behalf of people: names to identifiers, tools.

In come a published graph and requests in the words of those protocols; out come matches
with scores, and rows with their status, quotations and citations.
"""
