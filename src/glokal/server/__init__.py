"""The built publication over HTTP: pages, files, linked data, SPARQL, API, search.

In come requests and a built publication, which is reloaded when it changes; out come
answers within limits of time, size and number.
"""
