"""The harvest rehearsed: what the portals would take, score and show."""
