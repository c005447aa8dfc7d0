"""Texts in another language than their page: marks in the HTML, made attributes.

A text that the page's language lacks (`glokal.core.languages.Said`) comes out of a
template between marks. In the text of the page it becomes a `span` with `lang` (HTML
Living Standard, section 3.2.6.2); where no element can stand, in an attribute, a title,
an option or a script, the marks go.
"""

from __future__ import annotations

from html.parser import HTMLParser

from glokal.core.languages import CLOSES, NAMED, OPENS

# What these hold is text and no element.
_TEXT_ONLY = frozenset(("title", "option", "textarea", "script", "style"))


def with_languages(page: str) -> str:
    """Return a page with the languages of its texts where they differ from its own."""
    if OPENS not in page:
        return page
    writer = _Writer()
    writer.feed(page)
    writer.close()
    return "".join(writer.out)


def without_language_marks(text: str) -> str:
    """Return a text without marks and the tags in them."""
    first, *rest = text.split(OPENS)
    opened = (part.partition(NAMED)[2] for part in rest)
    return "".join((first, *opened)).replace(CLOSES, "")


class _Writer(HTMLParser):
    """Writes each part of a page as it stands, but for the marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._inside: list[str] = []
        # The elements in the text of a drawing have a name of their own.
        self._drawings = 0
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self.out.append(without_language_marks(self.get_starttag_text() or ""))
        if tag in _TEXT_ONLY:
            self._inside.append(tag)
        self._drawings += tag == "svg"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag, attrs
        self.out.append(without_language_marks(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        if self._inside and self._inside[-1] == tag:
            self._inside.pop()
        self._drawings -= tag == "svg"
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.out.append(without_language_marks(data))
            return
        first, *rest = data.split(OPENS)
        self.out.append(self._closed(first))
        for part in rest:
            lang, _, text = part.partition(NAMED)
            self._open.append("tspan" if self._drawings else "span")
            self.out.append(f'<{self._open[-1]} lang="{lang}">')
            self.out.append(self._closed(text))

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{without_language_marks(data)}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def _closed(self, text: str) -> str:
        first, *rest = text.split(CLOSES)
        ends = (f"</{self._open.pop()}>{part}" if self._open else part for part in rest)
        return "".join((first, *ends))
