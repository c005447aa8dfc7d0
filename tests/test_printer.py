"""How Turtle is laid out, by docs/style.md: each rule by a text and what becomes of it.

What is written is also what is written of that; its meaning is held against the text
by `format_turtle` itself, which refuses a change.
"""

from __future__ import annotations

import pytest

from glokal.rdf.turtle.formatter import format_turtle

EX = "http://example.org/"
HEAD = f"@prefix : <{EX}> .\n"
OWL = "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
RDFS = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"


def check(text: str, written: str) -> None:
    assert format_turtle(text, "x") == written
    assert format_turtle(written, "x") == written


def long(size: int) -> str:
    """A name of so many letters, with its colon."""
    return ":" + "x" * (size - 1)


LAYOUT = {
    # `a` first, then labels, then definitions, then the rest by the alphabet.
    ":a :q 1 ; :p 2 ; a :C .": ":a a :C ;\n  :p 2 ;\n  :q 1 .",
    ":a rdfs:isDefinedBy :x ; :z 1 ; rdfs:subClassOf :b ; rdfs:label 'l' .": (
        ':a rdfs:label "l" ;\n  rdfs:subClassOf :b ;\n  :z 1 ;\n  rdfs:isDefinedBy :x .'
    ),
    # One predicate a line, each once, and each value once.
    ":a :p 1 ; :q 2 ; :p 3 .": ":a :p 1 , 3 ;\n  :q 2 .",
    ":a :p 1 , 1 .": ":a :p 1 .",
    ":a :p 1 , 2 , 1 .": ":a :p 1 , 2 .",
    # Named things, then what is nested, then texts by language, then the rest.
    ":a :p 2 , 'x'@de , [ :q 1 ] , :b .": ':a :p :b , [ :q 1 ] , "x"@de , 2 .',
    # Texts in two languages stand below each other, a single one doesn't.
    ":a :p 'x'@en , 1 .": ':a :p "x"@en , 1 .',
    ":a :p 'x'@en , 'y'@nb .": ':a :p\n    "y"@nb ,\n    "x"@en .',
    ":a :p 'x'@en ; :q 'y'@nb , 'z'@nn .": (
        ':a :p "x"@en ;\n  :q\n    "y"@nb ,\n    "z"@nn .'
    ),
    # So do texts with line breaks.
    ":a :p 1 , 'x\\ny' .": ':a :p\n    """x\ny""" ,\n    1 .',
    ":a :p 'x\\ny' .": ':a :p """x\ny""" .',
    # Several values stand on one line where they fit in 88 columns with their mark.
    f":a :p 1 ; :q {long(38)}y , {long(39)} .": (
        f":a :p 1 ;\n  :q {long(39)} , {long(38)}y ."
    ),
    f":a :p 1 ; :q {long(40)} , {long(38)}y .": (
        f":a :p 1 ;\n  :q\n    {long(40)} ,\n    {long(38)}y ."
    ),
    # What is nested stands on one line when that is short: sixty columns, with the
    # indent of where it stands.
    f":a :p [ :q {long(51)} ] .": f":a :p [ :q {long(51)} ] .",
    f":a :p [ :q {long(52)} ] .": f":a :p [\n    :q {long(52)}\n  ] .",
    ":a :p [ :q 1 ; :r 2 ] .": ":a :p [\n    :q 1 ;\n    :r 2\n  ] .",
    ":a :p [ ] .": ":a :p [] .",
    ":a :p [ :q [ :r 1 ] ] .": ":a :p [ :q [ :r 1 ] ] .",
    ":a :p [ :q [ :r 1 ; :s 2 ] ; :t 3 ] .": (
        ":a :p [\n    :q [\n      :r 1 ;\n      :s 2\n    ] ;\n    :t 3\n  ] ."
    ),
    ":a :p [ :q 'x\\ny' ] .": ':a :p [\n    :q """x\ny"""\n  ] .',
    # Among several values they are indented once more.
    ":a :p [ :q 1 ; :r 2 ] , :b .": (
        ":a :p\n    :b ,\n    [\n      :q 1 ;\n      :r 2\n    ] ."
    ),
    f":a :p [ :q {long(49)} ] , 1 .": f":a :p [ :q {long(49)} ] , 1 .",
    f":a :p [ :q {long(50)} ] , 1 .": (
        f":a :p\n    [\n      :q {long(50)}\n    ] ,\n    1 ."
    ),
    # Lists keep their order, on one line when it is short.
    ":a :p ( 2 1 [ :q 1 ] ) .": ":a :p ( 2 1 [ :q 1 ] ) .",
    f":a :p ( {long(27)} {long(26)} ) .": f":a :p ( {long(27)} {long(26)} ) .",
    f":a :p ( {long(27)} {long(27)} ) .": (
        f":a :p (\n    {long(27)}\n    {long(27)}\n  ) ."
    ),
    ":a :p ( 'x\\ny' ) .": ':a :p (\n    """x\ny"""\n  ) .',
    ":a :p ( [ :q 1 ; :r 2 ] ) .": (
        ":a :p (\n    [\n      :q 1 ;\n      :r 2\n    ]\n  ) ."
    ),
    # A list may be a subject; nothing else stands on its lines.
    "( 1 2 ) :p 3 .": "( 1 2 )\n  :p 3 .",
    # Subjects by their IRIs, each in one block, with an empty line between.
    ":b :p 1 . :a :p 1 . :b :q 2 .": ":a :p 1 .\n\n:b :p 1 ;\n  :q 2 .",
    "<urn:a> :p 1 . :a :p 1 .": ":a :p 1 .\n\n<urn:a> :p 1 .",
    "[] :p 2 . [] :p 1 .": "[] :p 1 .\n\n[] :p 2 .",
    # What is no use twice needs no label; what is nested in a subject is said of it.
    "[ :p 1 ] :q 2 .": "[] :p 1 ;\n  :q 2 .",
    "[ :p 1 ] .": "[] :p 1 .",
    "_:x :p 1 . :a :q 1 .": ":a :q 1 .\n\n[] :p 1 .",
    ":a :q _:x . _:x :p _:x .": ":a :q _:b1 .\n\n_:b1 :p _:b1 .",
    ":a :q _:x , _:x .": ":a :q [] .",
}


@pytest.mark.parametrize("text", LAYOUT)
def test_the_layout_of_blocks(text: str) -> None:
    head = HEAD + (RDFS if "rdfs:" in text else "")
    check(head + text, f"{head}\n{LAYOUT[text]}\n")


def test_the_header_of_an_ontology_stands_first() -> None:
    text = ":z a :Thing , owl:Ontology . :a :says owl:Ontology . :b a 'owl:Ontology' ."
    check(
        HEAD + OWL + text,
        HEAD + OWL + "\n:z a :Thing , owl:Ontology .\n\n:a :says owl:Ontology .\n\n"
        ':b a "owl:Ontology" .\n',
    )
    nameless = HEAD + OWL + ":a :p 1 . [] a owl:Ontology ."
    check(nameless, HEAD + OWL + "\n[] a owl:Ontology .\n\n:a :p 1 .\n")


def test_blank_nodes_stand_last_in_the_order_of_their_labels() -> None:
    pairs = "".join(
        f"_:x{n} :p {n} . :a :q _:x{n} . :c :q _:x{n} . " for n in range(12)
    )
    written = format_turtle(HEAD + pairs + "_:free :p 1 .", "x")
    subjects = [
        line.split()[0]
        for line in written.splitlines()
        if line.startswith((":", "_", "["))
    ]
    labelled = [f"_:b{n}" for n in range(1, 13)]
    assert subjects == [":a", ":c", "[]", *labelled]
    assert format_turtle(written, "x") == written


def test_prefixes_are_sorted_and_those_without_use_are_left_out() -> None:
    text = "@prefix z: <urn:z:> .\n@prefix b: <urn:b:> .\n@prefix n: <urn:n:> .\n"
    check(
        text + "z:a b:p z:c .",
        "@prefix b: <urn:b:> .\n@prefix z: <urn:z:> .\n\nz:a b:p z:c .\n",
    )
    # Without anything said none is of use, and the comments are all that is left.
    assert format_turtle(text, "x") == ""
    check(text + "# Why.\n", "# Why.\n")
    assert format_turtle("# Head.\n" + text, "x") == "# Head.\n"
    # The head stays with the first block then.
    blocks = "<urn:a> <urn:p> 1 .\n\n<urn:b> <urn:p> 1 .\n"
    check("# Head.\n" + text + blocks, "# Head.\n" + blocks)
    # Nor is a base that nothing is relative to.
    base = "@base <http://b/> .\n"
    check(base + "<urn:a> <urn:b> <urn:c> .", "<urn:a> <urn:b> <urn:c> .\n")


COMMENTS = {
    # Above a subject, behind it, above and behind a predicate, above and behind values.
    "# above\n:a # behind\n  :p 1 .": "# above\n# behind\n:a :p 1 .",
    ":a :p 1 ; # one\n # two\n :q # three\n 2 .": (
        ":a :p 1 ;  # one\n  # two\n  # three\n  :q 2 ."
    ),
    ":a\n# above\n:p 1 .": ":a\n  # above\n  :p 1 .",
    ":a :p\n# above\n1 .": ":a\n  # above\n  :p 1 .",
    ":a :p 1 . # one\n:b :p 1 . # two\n": (":a :p 1 .  # one\n\n:b :p 1 .  # two"),
    # With two values each has its own.
    ":a :p 1 , # one\n 2 # two\n .": (":a :p\n    1 ,  # one\n    2 .  # two"),
    ":a :p 1 ,\n# above\n2 .": ":a :p\n    1 ,\n    # above\n    2 .",
    ":a :p 1 , 2 # one\n# two\n .": "# two\n:a :p\n    1 ,\n    2 .  # one",
    ":a :p :c # one\n , :b # two\n .": (":a :p\n    :b ,  # two\n    :c .  # one"),
    # Of what is said twice both stay.
    ":a :p 1 , # one\n 1 . # two\n": ":a\n  # one\n  :p 1 .  # two",
    ":a :p 1 ; # one\n :p 2 . # two\n": (":a :p\n    1 ,  # one\n    2 .  # two"),
    ":a\n# one\n:p 1 ;\n# two\n:p 2 .": (":a\n  # one\n  # two\n  :p 1 , 2 ."),
    ":a :p 1 , # one\n 1 , # two\n 1 , # three\n 2 .": (
        ":a :p\n    # one\n    # two\n    1 ,  # three\n    2 ."
    ),
    ":a :p 1 , # one\n 1 , # two\n 1 . # three\n": (
        ":a\n  # one\n  # two\n  :p 1 .  # three"
    ),
    # Behind the bracket that ends what is nested, and inside it.
    ":a :p [ :q 1 ; :r 2 ] , # out\n 2 .": (
        ":a :p\n    [\n      :q 1 ;\n      :r 2\n    ] ,  # out\n    2 ."
    ),
    ":a :p ( [ :q 1 ; :r 2 ] # out\n 2 ) .": (
        ":a :p (\n    [\n      :q 1 ;\n      :r 2\n    ]  # out\n    2\n  ) ."
    ),
    ":a :p [ :q 1 ] . # one\n": ":a :p [ :q 1 ] .  # one",
    ":a :p [ :q 1 # in\n ] .": ":a :p [\n    :q 1  # in\n  ] .",
    ":a :p [ :q 1 ; # in\n :r 2 # two\n ] ; # out\n :s 3 .": (
        ":a :p [\n    :q 1 ;  # in\n    :r 2  # two\n  ] ;  # out\n  :s 3 ."
    ),
    ":a :p [ # only\n ] .": ":a :p [\n    # only\n  ] .",
    ":a :p [ :q 1\n# last\n] , 2 .": (
        ":a :p\n    [\n      :q 1\n      # last\n    ] ,\n    2 ."
    ),
    # In a list above a member and behind it.
    ":a :p ( 1\n# above\n2 ) .": ":a :p (\n    1\n    # above\n    2\n  ) .",
    ":a :p ( 1 # one\n # two\n 2 ) .": (
        ":a :p (\n    1  # one\n    # two\n    2\n  ) ."
    ),
    ":a :p ( [ :q 1 ] # one\n ) . # two\n": (
        ":a :p (\n    [ :q 1 ]  # one\n  ) .  # two"
    ),
    ":a :p ( 1\n# last\n) .": ":a :p (\n    1\n    # last\n  ) .",
    "( 1\n# last\n) :p 2 .": "(\n  1\n  # last\n)\n  :p 2 .",
    # What stands above a second block goes above what that block says.
    ":a :p 1 .\n# two\n:a :q 2 .": ":a :p 1 ;\n  # two\n  :q 2 .",
    ":a :p 1 .\n# two\n:a # three\n :q 2 .": ("# three\n:a :p 1 ;\n  # two\n  :q 2 ."),
    ":a :p 1 .\n# two\n:a :q 2 ; :r 3 .": (":a :p 1 ;\n  # two\n  :q 2 ;\n  :r 3 ."),
    ":a :p 1 .\n# two\n:a\n# three\n# four\n:q 2 .": (
        ":a :p 1 ;\n  # two\n  # three\n  # four\n  :q 2 ."
    ),
    "# one\n[ :p 1\n# in\n] :q 2 .": "# one\n# in\n[] :p 1 ;\n  :q 2 .",
    # Before the end of the file.
    ":a :p 1 .\n\n# End.\n# More.\n": ":a :p 1 .\n\n# End.\n# More.",
}


@pytest.mark.parametrize("text", COMMENTS)
def test_comments_in_a_block(text: str) -> None:
    # A block before it, so that no comment is one of the head.
    first = ":0 :p 1 .\n\n"
    check(HEAD + first + text, f"{HEAD}\n{first}{COMMENTS[text]}\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (  # No prefix is left between the head and the first block.
            "# Head.\n@prefix x: <http://x/> .\n<a:b> <a:c> <a:d> .\n",
            "# Head.\n<a:b> <a:c> <a:d> .\n",
        ),
        (  # Behind a predicate with several values.
            HEAD + ":a :p # why\n 1 , 2 .",
            HEAD + "\n:a\n  # why\n  :p 1 , 2 .\n",
        ),
        (  # Two comments behind one value.
            HEAD + ":a :p :b # one\n . # two\n",
            HEAD + "\n:a\n  # one\n  :p :b .  # two\n",
        ),
        (  # Inside brackets, first and last.
            HEAD + ":a :p [ # first\n :q 1 ;\n # last\n ] .",
            HEAD + "\n:a :p [\n    # first\n    :q 1\n    # last\n  ] .\n",
        ),
        (  # Inside a list.
            HEAD + ":a :p ( 1 # one\n 2\n # last\n ) .",
            HEAD + "\n:a :p (\n    1  # one\n    2\n    # last\n  ) .\n",
        ),
        (  # Before the dot.
            HEAD + ":a :p 1 ;\n# Nothing more.\n.\n:b :p 1 .",
            HEAD + "\n# Nothing more.\n:a :p 1 .\n\n:b :p 1 .\n",
        ),
        ("# Only this.\n", "# Only this.\n"),
        ("", ""),
    ],
)
def test_comments_stay_with_what_they_are_about(text: str, written: str) -> None:
    assert format_turtle(text, "x") == written
    assert format_turtle(written, "x") == written


RELATIVE = {
    "<A> a <B> .\n": "<A> a <B> .\n",
    "# head\n@base <http://b/c/> .\n@prefix e: <#> .\n<s> e:p <../o>, <#f>, <> .\n": (
        "# head\n@base <http://b/c/> .\n@prefix e: <#> .\n\n"
        "<s> e:p <#f> , <../o> , <> .\n"
    ),
    # The base stands before all prefixes.
    "@prefix : <urn:x> .\n@base <http://b/> .\n@prefix e: <#> .\n<s> :p e:o .\n": (
        "@base <http://b/> .\n@prefix : <urn:x> .\n@prefix e: <#> .\n\n<s> :p e:o .\n"
    ),
    # A second base ends with the file's first; what stands under it is written in full.
    "@base <http://b/c/> .\n<s> a <T> .\n@base <d/> .\n<t> a <T> .\n": (
        "@base <http://b/c/> .\n\n<http://b/c/d/t> a <http://b/c/d/T> .\n\n"
        "<s> a <T> .\n"
    ),
}


@pytest.mark.parametrize("text", RELATIVE)
def test_relative_iris_and_their_base_stay_as_they_are_written(text: str) -> None:
    written = format_turtle(text, "x.ttl")
    assert written == RELATIVE[text]
    assert format_turtle(written, "x.ttl") == written


def test_a_comment_above_a_second_block_stays_above_what_that_block_says() -> None:
    text = "<a:s> <a:p> 1 .  # one\n# two\n<a:s> <a:q> 2 .\n"
    assert format_turtle(text, "x.ttl") == (
        "<a:s> <a:p> 1 ;  # one\n  # two\n  <a:q> 2 .\n"
    )
