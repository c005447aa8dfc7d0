"""Where the other forms of a page stand, by the path of the page.

A page is named by its folder, as `doc/place/vik/`, "" for the first one.
"""

from __future__ import annotations

# Forms without menus, for a frame on another site (`glokal.site.plain_forms`).
PLAIN = "embed/"


def twin_path(page: str) -> str:
    """Return the path of a page's Markdown twin: beside the folder, or `index.md`."""
    return f"{page.rstrip('/') or 'index'}.md"


def plain_path(page: str) -> str:
    """Return the path of a page's plain form: the same below `embed/`."""
    return PLAIN + page
