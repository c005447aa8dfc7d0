"""Accept and its like: the rules of RFC 9110, held against another library's parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from glokal.server.header_lists import read_list, read_weight
from glokal.server.negotiation import choose, is_known_type, quality, takes_gzip
from glokal.server.response_formats import GRAPH_FORMATS, GRAPH_SUFFIXES, SELECT_FORMATS

OFFERED = ["text/html", *GRAPH_FORMATS]
TYPES = ["text/html", "text/turtle", "application/rdf+xml", "application/json",
         "image/png", "text/*", "application/*", "image/*", "*/*"]  # fmt: skip
SPACE = st.sampled_from(["", " ", "  ", "\t"])
# Every weight that section 12.4.2 allows.
WEIGHTS = st.one_of(
    st.integers(0, 999).map(lambda n: f"0.{n:03}"),
    st.sampled_from(["0", "1", "0.", "1.", "1.000", "0.5", "0.05"]),
)


@st.composite
def accepts(draw: st.DrawFn) -> str:
    """An Accept by the grammar, with each type once: else libraries differ."""
    chosen = draw(st.lists(st.sampled_from(TYPES), min_size=1, unique=True))
    parts = []
    for name in chosen:
        part = draw(SPACE) + draw(st.sampled_from([name, name.upper()]))
        if draw(st.booleans()):
            key = draw(st.sampled_from("qQ"))
            part += f"{draw(SPACE)};{draw(SPACE)}{key}={draw(WEIGHTS)}"
        parts.append(part + draw(SPACE))
    return ",".join(parts)


@given(accepts())
def test_types_are_weighed_as_by_werkzeug(header: str) -> None:
    if any(part.strip().endswith(".") for part in header.split(",")):
        return
    theirs = parse_accept_header(header, MIMEAccept)
    for offer in OFFERED:
        assert quality(offer, read_list(header)) == theirs.quality(offer), offer
    best = max(theirs.quality(offer) for offer in OFFERED)
    expected = [o for o in OFFERED if theirs.quality(o) == best]
    assert choose(header, OFFERED) == (expected[0] if best else None)


@given(
    st.lists(
        st.tuples(st.sampled_from(["gzip", "br", "identity", "*"]), WEIGHTS),
        unique_by=lambda pair: pair[0],
    )
)
def test_codings_are_weighed_as_by_werkzeug(pairs: list[tuple[str, str]]) -> None:
    header = ", ".join(f"{n};q={w.removesuffix('.')}" for n, w in pairs)
    theirs = parse_accept_header(header, Accept)
    named = dict(pairs)
    expected = theirs.quality("gzip") if "gzip" in named else theirs.quality("*")
    assert takes_gzip(header) == (expected > 0)


@given(st.text(st.characters(max_codepoint=255), max_size=80))
def test_whatever_stands_there_something_is_chosen_or_nothing(header: str) -> None:
    assert choose(header, OFFERED) in (*OFFERED, None)
    assert takes_gzip(header) in (True, False)
    assert is_known_type(header, '"x"') in (True, False)


JAVA = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        # HttpURLConnection of Java 8 and older.
        (JAVA, "text/html"),
        ("text/turtle;q=0.3333, text/html;q=0.3332", "text/turtle"),
        ("text/html;q=.2, text/turtle;q=.30", "text/turtle"),
        ("text/html;q=0.0000, */*;q=0.1", "text/turtle"),
        ('text/html;q="0.1", text/turtle;q="0.2"', "text/turtle"),
        ("text/html;q=0.5;ext=1, text/turtle;q=0.6", "text/turtle"),
        # A weight that is no number is none: so Apache and mimeparse read it, too.
        ("text/turtle;q=high", "text/turtle"),
        ("text/turtle;q=", "text/turtle"),
        ("text/turtle;q", "text/turtle"),
        ("text/turtle;q=5, text/html;q=0.9", "text/turtle"),
        # Parameters of a type, and commas in quoted strings (section 5.6.4).
        ("text/turtle; charset=utf-8", "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"',
         "application/ld+json"),
        ('text/html;x="a, text/n3;q=1";q=0.1, text/turtle;q=0.2', "text/turtle"),
        (r'text/html;x="\", text/n3";q=0.1, text/turtle;q=0.2', "text/turtle"),
        ("text/html;level=1, text/html;q=0.2, text/turtle;q=0.3", "text/turtle"),
        # What is no element is passed over; a header of nothing else is none.
        ("text/html/x, , ;q=1, text/turtle", "text/turtle"),
        (";;;,/", "text/html"),
        ("", "text/html"),
        ("image/png", None),
        ("*/*;q=0", None),
    ],
)  # fmt: skip
def test_what_clients_send(header: str, chosen: str | None) -> None:
    assert choose(header, OFFERED) == chosen


def test_a_header_without_elements_ranks_nothing() -> None:
    assert quality("text/html", []) == 0


@pytest.mark.parametrize(
    ("header", "lang"),
    [("no-NO", "nb"), ("nb-NO, en;q=0.9", "nb"), ("en-GB;q=.8, nn;q=.5", "en")],
)
def test_languages(header: str, lang: str) -> None:
    assert choose(header, ["nb", "en"]) == lang


@pytest.mark.parametrize(
    ("text", "weight"),
    [("0.5", 0.5), (".5", 0.5), ("1.", 1), ("0.33333", 0.33333), ("7", 1), ("-1", 1),
     ("nan", 1), ("1e-3", 1), ("²", 1), (".", 1), ("", 1), ("0", 0)],
)  # fmt: skip
def test_weights(text: str, weight: float) -> None:
    assert read_weight(text) == pytest.approx(weight)


@pytest.mark.parametrize(
    ("header", "tag", "known"),
    [
        # RFC 9110, sections 8.8.3 and 13.1.2
        ('"xyzzy", "r2d2xxxx", "c3piozzzz"', '"r2d2xxxx"', True),
        ('W/"xyzzy"', '"xyzzy"', True),
        ('"xyzzy"', 'W/"xyzzy"', True),
        ("*", '"xyzzy"', True),
        ('"a,b"', '"b"', False),
        ('"a,b"', '"a,b"', True),
        ('junk, "b"', '"b"', True),
        ('"open', '"open"', False),
        ('"\\", "b"', '"b"', True),
        ("", '"b"', False),
    ],
)
def test_entity_tags(header: str, tag: str, known: bool) -> None:
    assert is_known_type(header, tag) is known


def test_a_graph_has_the_same_types_everywhere() -> None:
    assert set(GRAPH_SUFFIXES) == set(GRAPH_FORMATS)
    assert {"application/json", "application/xml", "text/n3", "text/plain"} <= set(
        GRAPH_FORMATS
    )
    assert {"application/json", "application/xml"} <= set(SELECT_FORMATS)
