"""The publication of several regions: what is made besides each region's own.

In come regions at work and the publications of those that are folders; out comes a
folder with all of them, a start page, answers, one dump, one catalogue, one search.
"""
