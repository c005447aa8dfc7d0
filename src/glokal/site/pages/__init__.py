"""The pages, one module a kind of page.

In comes the graph as plain values; out comes HTML, written through the renderer.
"""
