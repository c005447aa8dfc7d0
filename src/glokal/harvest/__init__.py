"""The harvest of the data portals, simulated: what they would take, score and show.

In comes a built publication; out comes a report on its datasets, quality points and
links.
"""
