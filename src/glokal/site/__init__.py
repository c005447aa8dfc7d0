"""The built publication: pages, charts, data files, search, for any static host.

In comes a checked project; out comes a folder that replaces the former one at once.
"""
