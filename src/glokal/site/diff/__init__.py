"""Changes between two graphs for people, with their effect on checks and answers.

In come two graphs; out come text, Markdown, HTML and JSON.
"""
