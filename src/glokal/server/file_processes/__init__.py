"""Processes that answer small files beside the server's own, and hand over the rest.

In come connections and answers that the server has sent before; out come the same bytes
again, or the connection itself with what was read of it.
"""
