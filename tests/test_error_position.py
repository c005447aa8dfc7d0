"""Where a syntax error of Turtle is shown, read off the text by eye."""

from __future__ import annotations

import pytest

from glokal.core.errors import SourceError
from glokal.rdf.source_files import parse_turtle

# The mark ¶ stands where the error is to be shown; it is taken out first.
WRONG = {
    "no dot": "<urn:a> <urn:b> <urn:c>¶\n\n<urn:d> <urn:e> <urn:f> .\n",
    "a comment behind": "<urn:a> <urn:b> 1¶ # one\n# two\n<urn:d> <urn:e> 2 .\n",
    "a mark of a comment in a text": '<urn:a> <urn:b> "#"¶\n<urn:d> <urn:e> 2 .\n',
    "a long text": '<urn:a> <urn:b> """it\'s\n"so" """¶\n<urn:d> <urn:e> 2 .\n',
    "no comment in a long text": '<urn:a> <urn:b> """c\nd # e"""¶\n<urn:d> <urn:e> 2 .',
    "a text without an end": '<urn:a> <urn:b> "c", ¶"d .\n<urn:d> <urn:e> 2 .\n',
    "one behind a long text": '<urn:a> <urn:b> """it\'s\n" """, ¶"d .\n',
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_shown_where_the_mark_is_missing(name: str) -> None:
    text = WRONG[name]
    before = text[: text.index("¶")]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    with pytest.raises(SourceError) as caught:
        parse_turtle(text.replace("¶", ""), "a.ttl")
    place = caught.value.place
    assert place is not None
    assert (place.line, place.column) == (line, column)
