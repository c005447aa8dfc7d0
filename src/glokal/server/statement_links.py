"""What a statement is about: the document that tells of it.

Every statement has a page at its own address that leads there, for hosts of files; its
canonical link is read, so that a server needs no list of all statements.
"""

from __future__ import annotations

from html.parser import HTMLParser

from glokal.server.build_snapshot import SiteSnapshot
from glokal.source.statements import STATEMENT


def document_of_statement(site: SiteSnapshot, name: str, address: str) -> str:
    """Return the path of a statement's document without the ending of a format.

    `name` is the kind and the slug of its IRI, `address` where the publication is. ""
    for what is no statement of the publication.
    """
    page = f"id/{name}/index.html"
    if not name.startswith(f"{STATEMENT}/") or page not in site.files:
        return ""
    reader = _CanonicalLink()
    reader.feed(site.read(page).decode("utf-8"))
    target = reader.target.removeprefix(address).rstrip("/")
    return target if f"{target}.ttl" in site.files else ""


class _CanonicalLink(HTMLParser):
    """Reads the canonical link of a page (RFC 6596)."""

    target = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "link" and named.get("rel") == "canonical":
            self.target = named.get("href") or ""
