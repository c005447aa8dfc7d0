"""The cursor over the tokens of a query: what each method takes, and what it refuses.

Terms are those of SPARQL 1.1, sections 4.1 and 19.8; IRIs are resolved by RFC 3986,
whose own examples (section 5.4) stand here.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from glokal.core.namespaces import RDF, XSD
from glokal.sparql.errors import NotTakenError, QueryError, UnexpectedTokenError
from glokal.sparql.lexer import tokenize
from glokal.sparql.reader import read_query
from glokal.sparql.token_reader import TokenReader
from glokal.sparql.tree import BlankNode, Iri, Literal, Variable


def reader(text: str) -> TokenReader:
    return TokenReader(tokenize(text))


def test_tokens_are_taken_one_by_one() -> None:
    reading = reader("SELECT  ?x { }")
    assert (reading.start, reading.take("ASK"), reading.at) == (0, False, 0)
    assert reading.take("SELECT")
    assert (reading.at, reading.start, reading.end_of_last) == (1, 8, 6)
    assert reading.variable() == Variable("x")
    assert (reading.start, reading.end_of_last) == (11, 10)
    reading.expect("{")
    with pytest.raises(UnexpectedTokenError, match="}") as caught:
        reading.expect("{")
    assert (caught.value.what, caught.value.start, reading.at) == ("}", 13, 3)


def test_a_variable_is_the_same_wherever_it_stands() -> None:
    reading = reader("?x $x ?y")
    first, again, other = (reading.variable() for _ in range(3))
    assert first is again
    assert (first, other) == (Variable("x"), Variable("y"))


def nested(depth: int) -> str:
    return "ASK " + "{" * depth + "}" * depth


def linked(parts: int) -> str:
    return "ASK { FILTER(1" + " || 1" * parts + ") }"


@pytest.mark.parametrize(
    ("query", "most", "said"),
    [(nested, 100, "over 100 deep"), (linked, 1000, "over 1000 operators")],
)
def test_what_is_too_deep_or_too_long_is_refused(
    query: Callable[[int], str], most: int, said: str
) -> None:
    """Engines overflow their stacks at some thousand: far from here."""
    taken = [n for n in (most - 5, most - 1, most) if _is_taken(query(n))]
    refused = [n for n in (most + 1, most + 2, most + 5) if not _is_taken(query(n))]
    assert most - 5 in taken
    assert most + 5 in refused
    with pytest.raises(NotTakenError, match=said) as caught:
        read_query(query(2 * most))
    assert caught.value.remedy


def _is_taken(text: str) -> bool:
    try:
        read_query(text)
    except NotTakenError:
        return False
    return True


def test_levels_are_counted_up_and_down() -> None:
    reading = reader("x")
    for _ in range(5):
        for _ in range(100):
            reading.enter()
        with pytest.raises(NotTakenError, match="over 100 deep"):
            reading.enter()
        for _ in range(101):
            reading.leave()


def test_links_are_counted() -> None:
    reading = reader("?x")
    for _ in range(1000):
        reading.link()
    with pytest.raises(NotTakenError, match="over 1000") as caught:
        reading.link()
    assert caught.value.start == 0


def test_nodes_without_a_label_are_each_another_one() -> None:
    reading = reader("[] [ ] [")
    nodes = [reading.term(), reading.term(), reading.fresh_node()]
    assert all(isinstance(node, BlankNode) for node in nodes)
    assert len(set(map(repr, nodes))) == 3
    with pytest.raises(UnexpectedTokenError):
        reading.term()


def test_labels_belong_to_one_basic_graph_pattern() -> None:
    """SPARQL 1.1, section 19.6, note 4 of the grammar."""
    reading = reader("_:a _:a _:b _:a _:c _:c")
    first = reading.term()
    assert first == reading.term()
    reading.new_pattern()
    assert reading.term() not in (first, None)
    with pytest.raises(QueryError, match="_:a stands in two") as caught:
        reading.term()
    assert (caught.value.start, caught.value.remedy) == (12, "use a variable.")
    # A template has its own.
    reading.forget_labels()
    assert reading.term() == first
    # Each pattern is another one, also when it is come back from.
    around = reading.basic_pattern
    reading.new_pattern()
    reading.new_pattern()
    inner = reading.term()
    reading.basic_pattern = around
    with pytest.raises(QueryError, match="_:c stands in two"):
        reading.term()
    assert isinstance(inner, BlankNode)


def test_patterns_have_numbers_of_their_own() -> None:
    reading = reader("x")
    seen = {reading.basic_pattern}
    for _ in range(3):
        reading.new_pattern()
        assert reading.basic_pattern not in seen
        seen.add(reading.basic_pattern)
        # An expression inside a pattern goes back to it.
        reading.basic_pattern = 0


def test_a_label_is_no_node_that_brackets_are_given() -> None:
    reading = reader("[] _:n1 _:1")
    given, named, other = (reading.term() for _ in range(3))
    assert len(set(map(repr, (given, named, other)))) == 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("10", 10), ("007", 7), ("9" * 17, 10**17 - 1), ("9" * 18, 10**18 - 1)],
)
def test_whole_numbers(text: str, value: int) -> None:
    reading = reader(text)
    assert (reading.integer(), reading.at) == (value, 1)


@pytest.mark.parametrize("text", ["-1", "+1", "1.0", "1e0", "?x", "'1'", ""])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(UnexpectedTokenError):
        reader(text).integer()


@pytest.mark.parametrize("digits", [19, 20, 40])
def test_a_number_that_no_engine_holds(digits: int) -> None:
    with pytest.raises(NotTakenError, match="too large"):
        reader("9" * digits).integer()


@pytest.mark.parametrize(
    ("text", "value"),
    [('"a"', "a"), ("'a'", "a"), ('"""a"b"""', 'a"b'), (r"'\t\\'", "\t\\"), ("''", "")],
)
def test_strings(text: str, value: str) -> None:
    reading = reader(text)
    assert (reading.string(), reading.at) == (value, 1)
    with pytest.raises(UnexpectedTokenError):
        reading.string()


@pytest.mark.parametrize(
    ("text", "literal", "tokens"),
    [
        ("1", Literal("1", XSD + "integer", bare=True), 1),
        ("-1", Literal("-1", XSD + "integer", bare=True), 1),
        ("1.50", Literal("1.50", XSD + "decimal", bare=True), 1),
        ("1E3", Literal("1E3", XSD + "double", bare=True), 1),
        ("TRUE", Literal("true", XSD + "boolean", bare=True), 1),
        ("false", Literal("false", XSD + "boolean", bare=True), 1),
        ("'a'", Literal("a"), 1),
        ("'a'@nb-NO", Literal("a", language="nb-NO"), 2),
        ("'a'^^<urn:t>", Literal("a", "urn:t"), 3),
    ],
)
def test_literals(text: str, literal: Literal, tokens: int) -> None:
    """Section 4.1.2: what a literal in short is short for."""
    reading = reader(text)
    assert reading.term() == literal
    assert (reading.at, reading.literals) == (tokens, [literal])


def test_a_language_tag_that_is_none_is_told() -> None:
    # BCP 47: a subtag has eight characters at most.
    reading = reader("'a'@nb 'b'@nb 'c'@toolongatag")
    assert reading.literal() == Literal("a", language="nb")
    assert reading.literal() == Literal("b", language="nb")
    with pytest.raises(QueryError, match="@toolongatag is no language tag"):
        reading.literal()


@pytest.mark.parametrize("text", ["?x", "<urn:x>", "(", "ASK", ""])
def test_what_is_no_literal(text: str) -> None:
    with pytest.raises(UnexpectedTokenError):
        reader(text).literal()


@pytest.mark.parametrize(
    ("text", "term", "tokens"),
    [
        ("?x", Variable("x"), 1),
        ("<urn:x>", Iri("urn:x", 0), 1),
        ("()", Iri(RDF + "nil"), 2),
        ("( )", Iri(RDF + "nil"), 2),
        ("[]", BlankNode("n1"), 2),
        ("_:x", BlankNode("l_x"), 1),
    ],
)
def test_terms(text: str, term: object, tokens: int) -> None:
    reading = reader(text)
    assert reading.term() == term
    assert reading.at == tokens


@pytest.mark.parametrize("text", ["( 1 )", "[ ?p ?o ]", ")", "]", "SELECT", "(", "["])
def test_what_is_no_term(text: str) -> None:
    reading = reader(text)
    with pytest.raises(UnexpectedTokenError):
        reading.term()
    assert reading.at == 0


def prologue(text: str, count: int) -> TokenReader:
    reading = reader(text)
    for _ in range(count):
        reading.declare()
    return reading


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        # RFC 3986, section 5.4.1 and 5.4.2
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"), ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"),
        (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"), (".", "http://a/b/c/"),
        ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("g/../h", "http://a/b/c/h"),
        ("g?y/./x", "http://a/b/c/g?y/./x"),
        # A colon in a later part begins no scheme.
        ("g/h:i", "http://a/b/c/g/h:i"),
    ],
)  # fmt: skip
def test_relative_iris(written: str, whole: str) -> None:
    reading = prologue(f"BASE <http://a/b/c/d;p?q> <{written}>", 1)
    assert reading.iri() == Iri(whole, 26)


def test_a_base_counts_from_where_it_stands_and_is_relative_itself() -> None:
    reading = prologue("BASE <http://a/b/> <x> BASE <c/> <x> PREFIX e: <f#> e:x e:", 1)
    assert reading.iri().value == "http://a/b/x"
    reading.declare()
    assert reading.base == "http://a/b/c/"
    # What was read before is not what it is now.
    assert reading.iri().value == "http://a/b/c/x"
    reading.declare()
    assert reading.iri().value == "http://a/b/c/f#x"
    assert reading.iri().value == "http://a/b/c/f#"


def test_names_with_a_prefix() -> None:
    text = (
        "PREFIX e: <urn:e:> PREFIX : <urn:> e:a\\-b :c e:d:e : PREFIX e: <urn:x:> e:a"
    )
    reading = prologue(text, 2)
    assert reading.prefixes == {"e": "urn:e:", "": "urn:"}
    found = [reading.iri().value for _ in range(4)]
    assert found == ["urn:e:a-b", "urn:c", "urn:e:d:e", "urn:"]
    # A prefix that is declared again is the newer one (section 4.1.1).
    reading.declare()
    assert reading.iri().value == "urn:x:a"


def test_a_prefix_that_is_not_declared_is_told_with_what_to_do() -> None:
    with pytest.raises(QueryError, match="does not declare the prefix x:") as caught:
        reader("  x:y").iri()
    assert caught.value.start == 2
    assert "PREFIX x:" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "said", "remedy"),
    [
        ("<x>", "relative IRI, and the query has no BASE", "write the whole IRI."),
        ("<//x/y>", "relative IRI, and the query has no BASE", "write the whole IRI."),
        ("<x/y:z>", "relative IRI, and the query has no BASE", "write the whole IRI."),
        ("<http://[x>", "is no IRI: ", ""),
        ("<1:2>", "is no IRI: ", ""),
    ],
)
def test_what_is_no_iri(text: str, said: str, remedy: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        reader(text).iri()
    assert (caught.value.start, caught.value.remedy) == (0, remedy)


@pytest.mark.parametrize("written", ["http://[x", "1:2", "//[x", ":x"])
def test_what_is_no_iri_with_a_base_either(written: str) -> None:
    reading = prologue(f"BASE <http://a/> <{written}>", 1)
    with pytest.raises(QueryError, match="is no IRI: ") as caught:
        reading.iri()
    assert caught.value.start == 17
    assert f"<{written}>" in str(caught.value)
    # Where our own parser stood says nothing to who wrote the query.
    assert "line" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "BASE x:y", "BASE ?x", "PREFIX <urn:x>", "PREFIX x <urn:x>",
        "PREFIX x:y <urn:>", "PREFIX x:y: <urn:>", "PREFIX x: y:z", "PREFIX x:",
        "SELECT", "PREFIX ?x: <u:>",
    ],
)  # fmt: skip
def test_what_declares_nothing(text: str) -> None:
    with pytest.raises(UnexpectedTokenError):
        prologue("PREFIX y: <urn:y> " + text, 2)


@pytest.mark.parametrize("text", ["?x", "'x'", "_:x", "("])
def test_what_stands_where_an_iri_is_wanted(text: str) -> None:
    reading = reader(text)
    with pytest.raises(UnexpectedTokenError):
        reading.iri()
    assert reading.at == 0


def test_iris_are_counted_as_they_are_printed() -> None:
    """A short text with a long prefix: eight mebi characters are the most."""
    size = (8 << 20) // 16
    text = f"PREFIX e: <urn:{'x' * (size - 4)}> " + "e: " * 16
    reading = prologue(text, 1)
    for _ in range(15):
        assert len(reading.iri().value) == size
    place = reading.start
    with pytest.raises(NotTakenError, match="IRIs of the query") as caught:
        reading.iri()
    assert (caught.value.start, reading.start) == (place, place)


def test_as_many_iris_as_are_allowed_are_taken() -> None:
    size = (8 << 20) // 16
    whole = f"<urn:{'x' * (size - 4)}> "
    reading = reader(whole * 16 + "<a:>")
    for _ in range(16):
        reading.iri()
    with pytest.raises(NotTakenError):
        reading.iri()
    # One less, and the shortest IRI that there is.
    reading = reader(whole * 15 + whole.replace("x>", ">") + "<a:>")
    for _ in range(16):
        reading.iri()
    with pytest.raises(NotTakenError):
        reading.iri()
