"""Turtle as text: lexer, parser, tree, printer, and the place of each triple.

In comes a text; out come a tree with its comments, the text in its one form, or the
line and column of a triple.
"""
