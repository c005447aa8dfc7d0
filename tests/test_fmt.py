"""One way to write Turtle, held against odd Turtle written by chance."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from glokal.core.errors import Place, SourceError
from glokal.rdf.turtle import formatter as turtle
from glokal.rdf.turtle.formatter import format_turtle, same_graph, write_turtle
from glokal.rdf.turtle.lexer import tokenize
from tests.conftest import REGION, glokal
from tests.turtle_writer import Writer

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> .\n"
SEEDS = st.integers(0, 10**9)


def odd_turtle(seed: int) -> str:
    text = Writer(random.Random(seed)).document(6)
    numbers = iter(range(10_000))
    # Comments that can be told apart.
    return re.sub(r" # \. ;", lambda _: f" # no. {next(numbers)} .", text)


def comments(text: str) -> Counter[str]:
    tokens = tokenize(text, Place("x", 1, 1))
    return Counter(t.text.strip() for t in tokens if t.kind == "comment")


def canonical(text: str) -> list[str]:
    """The triples of a text by RDFC-1.0, as pyoxigraph gives them names."""
    dataset = ox.Dataset(ox.parse(input=text, format=ox.RdfFormat.TURTLE))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (":a :b _:x .", ":a :b _:y .", True),
        (":a :b [ :c 1 ] .", ":a :b _:y . _:y :c 1 .", True),
        (":a :b [ :c 1 ] .", ":a :b [ :c 2 ] .", False),
        (":a :b _:x , _:y .", ":a :b _:x .", False),
        (":a :b _:x .", ":a :b :x .", False),
        (":a :b :c , :d .", ":a :b :d . :a :b :c .", True),
        (":a :b :c .", ":a :b :c , :d .", False),
        (":a :b 1 .", ":a :b 01 .", False),
    ],
)
def test_the_same_graph_whatever_its_blank_nodes_are_called(
    one: str, other: str, same: bool
) -> None:
    triples = [
        [q.triple for q in ox.parse(input=HEAD + text, format=ox.RdfFormat.TURTLE)]
        for text in (one, other)
    ]
    assert (canonical(HEAD + one) == canonical(HEAD + other)) is same
    assert same_graph(*triples, "x") is same


@settings(max_examples=200)
@given(SEEDS)
def test_any_turtle_keeps_its_meaning_and_its_comments(seed: int) -> None:
    text = odd_turtle(seed)
    written = format_turtle(text, "x")
    assert canonical(written) == canonical(text)
    assert comments(written) == comments(text)
    assert format_turtle(written, "x") == written


@settings(max_examples=150)
@given(SEEDS, st.randoms(use_true_random=False))
@example(0, random.Random(0))
def test_names_of_blank_nodes_order_and_line_ends_make_no_difference(
    seed: int, chance: random.Random
) -> None:
    """Any triples, written one a line with labels for all blank nodes."""
    nodes = [ox.BlankNode(f"n{n}") for n in range(6)]
    named = [ox.NamedNode(EX + c) for c in "abc"]
    made = random.Random(seed)
    triples = [
        ox.Triple(
            made.choice([*nodes, *named]),
            made.choice(named[:2]),
            made.choice([*nodes, *named]),
        )
        for _ in range(9)
    ]
    names = [f"m{n}" for n in range(6)]
    chance.shuffle(names)
    renamed = "\r\n".join(f"{t} ." for t in chance.sample(triples, 9))
    renamed = re.sub(r"_:n(\d)", lambda m: f"_:{names[int(m[1])]}", renamed)
    plain = "\n".join(f"{t} ." for t in triples)
    assert format_turtle(HEAD + plain, "x") == format_turtle(HEAD + renamed, "x")
    assert write_turtle(triples, {}) == write_turtle(
        [quad.triple for quad in ox.parse(input=renamed, format=ox.RdfFormat.TURTLE)],
        {},
    )


def test_rings_of_blank_nodes_that_look_alike_nearby_are_told_apart() -> None:
    """Two rings of the same length; one has a word far from where they are entered."""

    def ring(name: str, word: str) -> list[str]:
        return [
            *(f"_:{name}{n} :next _:{name}{(n + 1) % 9} ." for n in range(9)),
            f"_:{name}4 :says {word} .",
        ]

    one = format_turtle(HEAD + "\n".join([*ring("x", '"a"'), *ring("y", '"b"')]), "x")
    two = format_turtle(HEAD + "\n".join([*ring("x", '"b"'), *ring("y", '"a"')]), "x")
    assert one == two


def test_rings_that_only_their_length_tells_apart_are_told_apart() -> None:
    """Each node of a ring of six looks as one of two rings of three, however far."""

    def ring(name: str, size: int) -> str:
        return "".join(
            f"_:{name}{n} :next _:{name}{(n + 1) % size} .\n" for n in range(size)
        )

    one = format_turtle(HEAD + ring("x", 6) + ring("y", 3) + ring("z", 3), "x")
    two = format_turtle(HEAD + ring("z", 3) + ring("y", 3) + ring("x", 6), "x")
    assert one == two


def test_depth_costs_no_more_than_length() -> None:
    """Each level once printed twice would take 2**150 steps."""
    deep = HEAD + ":a :p " + "[ :p " * 150 + "1" + " ]" * 150 + " ."
    assert format_turtle(deep, "x").count("[") == 150


def test_what_is_nested_too_deeply_is_refused_in_words() -> None:
    deep = HEAD + ":a :p " + "[ :p " * 5000 + "1" + " ]" * 5000 + " ."
    with pytest.raises(SourceError, match="nested too deeply"):
        format_turtle(deep, "x.ttl")


def test_a_change_of_meaning_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A printer at fault: it writes another value."""
    right = turtle.print_document
    monkeypatch.setattr(
        turtle, "print_document", lambda d: right(d).replace(" 1 ", " 2 ")
    )
    with pytest.raises(SourceError, match="change the meaning"):
        format_turtle(HEAD + ":a :p 1 .", "x")


def test_the_command_writes_nothing_when_one_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<a:b>    <a:c> 1 .", encoding="utf-8")
    (tmp_path / "b.ttl").write_text("<a:b> <a:c> .", encoding="utf-8")
    ran = glokal("--project", REGION, "fmt", tmp_path, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "b.ttl:1:13" in ran.stderr
    assert (tmp_path / "a.ttl").read_text(encoding="utf-8") == "<a:b>    <a:c> 1 ."


def test_the_command_formats_once_and_finds_nothing_the_second_time(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a.ttl"
    file.write_bytes(b"<a:b>    <a:c> 1 .\r\n")
    file.chmod(0o640)
    args = ("--project", REGION, "fmt", tmp_path)
    assert "1 endret" in glokal(*args, cwd=tmp_path).stdout
    assert file.read_bytes() == b"<a:b> <a:c> 1 .\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert "0 endret" in glokal(*args, cwd=tmp_path).stdout


def test_a_relative_base_in_the_middle_is_refused_with_what_to_do() -> None:
    with pytest.raises(SourceError, match="relative @base"):
        format_turtle("<a> a <b> .\n@base <d/> .\n<t> a <b> .\n", "x.ttl")
