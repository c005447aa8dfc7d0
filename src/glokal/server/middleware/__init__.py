"""What goes around every request: CORS and security headers, the access log.

In and out go ASGI messages; nothing here knows what is served.
"""
