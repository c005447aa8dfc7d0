"""Accept and its like: the rules of RFC 9110, held against another library's parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Accept, MIMEAccept
from werkzeug.http import parse_accept_header

from glokal.server.header_lists import (
    ListElement,
    read_entity_tags,
    read_list,
    read_weight,
)
from glokal.server.negotiation import (
    choose,
    choose_page,
    is_known_type,
    quality,
    takes_gzip,
)
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


# RFC 9110, section 12.5.1: its own examples, and what its rules make of others.
TEXTS = ["text/plain", "text/html", "image/jpeg"]
FLOWED = (
    "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, "
    "text/plain;format=fixed;q=0.4, */*;q=0.5"
)
CHOICES = [
    # (header, what is offered, what is chosen)
    ("audio/*; q=0.2, audio/basic", ["audio/mp3", "audio/basic"], "audio/basic"),
    ("audio/*; q=0.2, audio/basic", ["text/html", "audio/mp3"], "audio/mp3"),
    ("text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c",
     ["text/plain", "text/x-dvi"], "text/x-dvi"),
    ("text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c",
     ["text/x-dvi", "text/x-c", "text/html"], "text/x-c"),
    (FLOWED, TEXTS, "text/plain"),
    (FLOWED, TEXTS[1:], "image/jpeg"),
    (FLOWED, ["text/html"], "text/html"),
    # A tie goes to what stands first here.
    ("text/html, text/turtle", ["text/turtle", "text/html"], "text/turtle"),
    ("text/html, text/turtle", ["text/html", "text/turtle"], "text/html"),
    ("*/*", ["text/turtle", "text/html"], "text/turtle"),
    ("*", ["text/turtle", "text/html"], "text/turtle"),
    ("", ["text/turtle", "text/html"], "text/turtle"),
    # The closest range counts, whatever its weight and wherever it stands.
    ("*/*, text/html;q=0.1", ["text/html", "image/png"], "image/png"),
    ("text/html;q=0.1, */*", ["text/html", "image/png"], "image/png"),
    ("text/*;q=0.1, */*;q=0.5", ["text/html", "image/png"], "image/png"),
    ("*/*;q=0.1, text/*;q=0.5", ["image/png", "text/html"], "text/html"),
    ("text/*, text/html;q=0", ["text/html", "text/csv"], "text/csv"),
    ("text/*, text/html;q=0", ["text/html"], None),
    # A type with a parameter is closer than a range, and less close than the type.
    ("text/*;q=0.9, text/html;level=1;q=0.1, image/png;q=0.5",
     ["text/html", "image/png"], "image/png"),
    ("text/html;level=1;q=0.1, text/html;q=0.9, image/png;q=0.5",
     ["image/png", "text/html"], "text/html"),
    ("text/html;level=1;q=0.9, text/html;q=0.1, image/png;q=0.5",
     ["text/html", "image/png"], "image/png"),
    ("text/html;charset=utf-8;q=0.1, text/html;level=1;q=0.9, image/png;q=0.5",
     ["text/html", "image/png"], "image/png"),
    # A range is of one type, not of all that begin alike.
    ("text/*", ["textual/html", "text/html"], "text/html"),
    ("text/*", ["tex/html", "texts/html"], None),
    ("image/*", ["text/html"], None),
    ("image/*, text/html;q=0.1", ["text/html"], "text/html"),
    # Names are told apart without case (section 8.3.1), and so is the weight.
    ("Text/HTML;q=0.1, IMAGE/*;Q=0.5", ["text/html", "image/png"], "image/png"),
    # A weight of nothing refuses (section 12.4.2).
    ("text/html;q=0", ["text/html"], None),
    ("text/html;q=0.000, text/turtle;q=0.001", OFFERED, "text/turtle"),
    ("image/png", ["text/html"], None),
    # Empty elements are none (section 5.6.1), and nor are those without a name.
    (", ,text/turtle,,", ["text/html", "text/turtle"], "text/turtle"),
    (", ,", ["text/html", "text/turtle"], "text/html"),
    # What is quoted is no list, and a backslash quotes the sign behind it.
    ('"a, text/turtle, b"', ["text/html", "text/turtle"], "text/html"),
    (r'text/html;x="\"";q=0.1, text/turtle;q=0.2', OFFERED, "text/turtle"),
    # Section 12.5.4, and RFC 4647, section 3.4: a form of a language is the language,
    # at whichever weight is the higher.
    ("da, en-gb;q=0.8, en;q=0.7", ["en", "da"], "da"),
    ("da, en-gb;q=0.8, en;q=0.7", ["nb", "en"], "en"),
    ("en;q=0.1, en-GB;q=0.9, nb;q=0.5", ["nb", "en"], "en"),
    ("en;q=0.9, en-GB;q=0.1, nb;q=0.5", ["nb", "en"], "en"),
    ("no", ["en", "nb"], "nb"),
    ("no, en;q=0.5", ["en", "nn"], "en"),
    ("nn, nb;q=0.9", ["nb", "en"], "nb"),
    ("fr", ["nb", "en"], None),
    ("fr, *;q=0.1", ["nb", "en"], "nb"),
]  # fmt: skip


@pytest.mark.parametrize(("header", "offered", "chosen"), CHOICES)
def test_what_the_rules_choose(
    header: str, offered: list[str], chosen: str | None
) -> None:
    assert choose(header, offered) == chosen


CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "text/html"),
        (CHROMIUM, "text/html"),
        ("*/*", "text/html"),
        ("text/html, text/markdown", "text/markdown"),
        ("text/markdown, */*", "text/markdown"),
        ("text/markdown;q=0.5, text/html", "text/html"),
        ("text/turtle, text/html;q=0.9", "text/turtle"),
        ("text/*;q=0.5, text/html;q=0.1, text/turtle;q=0", "text/markdown"),
        ("text/*", "text/html"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("image/png", None),
    ],
)
def test_a_page_is_markdown_for_who_names_it(header: str, chosen: str | None) -> None:
    assert choose_page(header, "text/turtle") == chosen


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        # Section 12.5.3; x-gzip is gzip (section 8.4.1.3).
        ("", False), ("gzip", True), ("x-gzip", True), ("GZIP", True), ("br", False),
        ("*", True), ("*;q=0", False), ("gzip;q=0, *", False), ("gzip, *;q=0", True),
        ("gzip;q=0.001", True), ("gzip;q=0", False), ("identity", False),
        ("x-gzip;q=0, *", False), ("gzip;q=0, x-gzip", False),
    ],
)  # fmt: skip
def test_gzip_is_taken_where_it_is_named(header: str, taken: bool) -> None:
    assert takes_gzip(header) is taken


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ('"a", W/"b"', ['"a"', '"b"']),
        # An opaque tag may be empty.
        ('"", "b"', ['""', '"b"']),
        # Separators that are missing, and some too many.
        ('"a""b"', ['"a"', '"b"']),
        ('*"b"', ["*", '"b"']),
        (' ,, "a" ,\t"b",', ['"a"', '"b"']),
        ("*", ["*"]),
        ("a, b", []),
        ("", []),
    ],
)
def test_a_list_of_entity_tags_is_read_as_far_as_it_goes(
    header: str, tags: list[str]
) -> None:
    assert read_entity_tags(header) == tags


def test_any_tag_is_known_unless_nothing_is_known_of_it_yet() -> None:
    assert is_known_type("*", '"x"', whatever=True)
    assert not is_known_type("*", '"x"', whatever=False)
    assert is_known_type('*, "x"', '"x"', whatever=False)


def test_an_element_is_a_value_with_its_parameters() -> None:
    header = 'A/B;X="y\\"z"junk;q=0.5;=no;Level=1, c'
    (one, other) = read_list(header)
    assert one == ListElement("a/b", (("x", 'y"z'), ("level", "1")), 0.5)
    assert other == ListElement("c", (), 1.0)
    assert len({one, other, *read_list(header)}) == 2


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
