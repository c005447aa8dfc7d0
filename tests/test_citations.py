"""Whether a passage speaks of what a statement says, from a few lines of Norwegian.

Each case is one of the rules that the module states, and was judged by reading it.
"""

from __future__ import annotations

import pytest

from glokal.source.documents import read_source
from glokal.source.passage_support import Citations
from tests.hand_made import ID, iri, source_file, triples

TEXT = """
id:doc a glo:SourceDocument ; dcterms:language "nb" ; glo:documents id:plan .
id:other a glo:SourceDocument ; dcterms:language "nb" ; glo:documents id:plan-2 .
id:heading a glo:SourcePassage ; glo:exactText "Samarbeid med SINTEF" ;
  glo:passageOf id:doc .
id:named a glo:SourcePassage ; glo:exactText "NTNU er med i nettverket." ;
  glo:passageOf id:doc .
id:under a glo:SourcePassage ; glo:exactText "Vi møtes hvert år." ;
  glo:underHeading id:heading ; glo:passageOf id:doc .
id:formal a glo:SourcePassage ; glo:passageOf id:doc ;
  glo:exactText "Norges teknisk-naturvitenskapelige universitet leder arbeidet." .
id:word a glo:SourcePassage ; glo:exactText "Kommunene er medlemmer siden 2024." ;
  glo:passageOf id:doc .
id:dated a glo:SourcePassage ; glo:passageOf id:doc ;
  glo:exactText "NTNU sluttet 31. mars 2024 etter tre møter." .
id:aim a glo:SourcePassage ; glo:passageOf id:doc ;
  glo:exactText "Unge i regionen skal ha et internasjonalt nettverk." .
id:below a glo:SourcePassage ; glo:exactText "Mer om dette." ;
  glo:underHeading id:aim ; glo:passageOf id:doc .
id:site a glo:SourcePassage ; glo:exactText "Les mer på www.nord.no/om oss." ;
  glo:passageOf id:doc .
id:first a glo:SourcePassage ; glo:exactText "NTNU styrker skolene." ;
  glo:startOffset 900 ; glo:passageKind id:list-item ; glo:passageOf id:doc ;
  glo:underHeading id:heading .
id:second a glo:SourcePassage ; glo:exactText "Vi lærer av andre." ;
  glo:startOffset 950 ; glo:passageKind id:list-item ; glo:passageOf id:doc ;
  glo:underHeading id:heading .
id:elsewhere a glo:SourcePassage ; glo:exactText "NTNU igjen." ;
  glo:passageOf id:other .
"""
DATA = """
id:ntnu rdfs:label "NTNU"@nb ; skos:altLabel
    "Norges teknisk-naturvitenskapelige universitet"@nb ;
  glo:listedAs id:group , id:group-2 ; glo:website <https://www.nord.no/om/> .
id:group a skos:Concept ; glo:statedIn id:named ; skos:prefLabel "Vi møtes"@nb .
id:group-2 a skos:Concept ; glo:affirmedIn id:under .
id:sintef skos:prefLabel "SINTEF"@nb .
id:hidden skos:hiddenLabel "NTNU"@nb .
id:unlisted rdfs:label "NTNU"@nb .
id:premise rdfs:label "Vår overskrift"@nb ;
  glo:statement "Unge i regionen skal ha et internasjonalt nettverk"@nb .
id:entry glo:statedIn id:named ; glo:omittedIn id:under ; glo:member id:sintef .
id:membership glo:member id:ntnu ; glo:membershipIn id:sintef .
id:nested glo:about id:membership .
id:only-text glo:note "https://www.nord.no/om/" ; glo:seeAlso id:named .
id:free a skos:Concept ; skos:prefLabel "nettverk"@nb .
id:word-class a skos:Concept , owl:Class ; rdfs:label "NTNU"@nb ;
  glo:statedIn id:under .
<https://example.org/id/role/member> a skos:Concept .
id:town a glo:Municipality .
"""
FILES = [source_file(TEXT), source_file(DATA)]
CITATIONS = Citations(FILES, read_source(FILES))
EVERY = {
    "heading", "named", "under", "formal", "word", "dated", "aim", "below", "site",
    "first", "second", "elsewhere",
}  # fmt: skip
NTNU = {"named", "formal", "dated", "first", "elsewhere"}
SINTEF = {"heading", "under", "first", "second"}


def spoken(statement: str, citations: Citations = CITATIONS) -> set[str]:
    """The passages that speak of the object of a statement."""
    (triple,) = triples(statement)
    return {name for name in EVERY if citations.speaks(triple, ID + name)}


@pytest.mark.parametrize(
    ("statement", "passages"),
    [
        # A thing, by any of its names, read with the headings above.
        ("id:x glo:partner id:ntnu .", NTNU),
        ("id:x glo:partner id:sintef .", SINTEF),
        ("id:x glo:partner id:hidden .", NTNU - {"formal"}),
        # By its own words, where our headline doesn't stand; those of no heading.
        ("id:x glo:restsOn id:premise .", {"aim"}),
        # Without a name: where it says that it stands, or is left out.
        ("id:x glo:entry id:entry .", {"named", "under"}),
        # Else where one stands that it is about; no further than that.
        ("id:x glo:has id:membership .", NTNU | SINTEF),
        ("id:x glo:has id:nested .", set()),
        # A passage is nothing that a thing is about, and nor is a text.
        ("id:x glo:has id:only-text .", set()),
        # An address, as it is written in texts.
        ("id:x glo:website <https://www.nord.no/om/> .", {"site"}),
        ("id:x glo:website <https://www.nord.no/for/> .", set()),
        ("id:x glo:website <urn:isbn:123> .", set()),
        # The plan that the document documents, by what is said to be in it.
        ("id:unlisted glo:partOf id:plan .",
         NTNU - {"elsewhere", "formal"}),
        ("id:unlisted glo:partOf id:plan-2 .", {"elsewhere"}),
        # What is listed in it, where one of its groups stands.
        ("id:ntnu glo:listedIn id:plan .", {"named", "under"}),
        ("id:unlisted glo:listedIn id:plan .", NTNU - {"elsewhere", "formal"}),
        # A code where it says that it stands, and nowhere else.
        ("id:x glo:listedAs id:group .", {"named"}),
        # Other codes by their labels, or by the words of the language.
        ("id:x glo:topic id:free .", {"named", "aim", "below"}),
        ("id:x glo:role <https://example.org/id/role/member> .", {"word"}),
        # What is a class too is no code: it has a name, which counts.
        ("id:x glo:kind id:word-class .", NTNU - {"formal"}),
        # A class, by its word, or where the thing is that is of it.
        ("id:town a glo:Municipality .", {"word"}),
        ("id:unlisted a glo:Municipality .", (NTNU - {"formal"}) | {"word"}),
        # A date as exact as it is, and only where the thing stands.
        ('id:unlisted glo:endDate "2024"^^xsd:gYear .', {"dated"}),
        ('id:unlisted glo:endDate "2024-03"^^xsd:gYearMonth .', {"dated"}),
        ('id:unlisted glo:endDate "2024-03-31"^^xsd:date .', {"dated"}),
        ('id:unlisted glo:endDate "2024-03-30"^^xsd:date .', set()),
        ('id:sintef glo:endDate "2024"^^xsd:gYear .', set()),
        # A number in figures or words, where the thing stands; or as the item's place.
        ("id:unlisted glo:meetings 3 .", {"dated"}),
        ("id:sintef glo:meetings 3 .", set()),
        ("id:unlisted glo:number 31 .", {"dated"}),
        ("id:sintef glo:number 1 .", {"first"}),
        ("id:sintef glo:number 2 .", {"second"}),
        ("id:unlisted glo:number 0 .", set()),
        ('id:sintef glo:number "2"^^xsd:nonNegativeInteger .', {"second"}),
        ('id:unlisted glo:number "3.5"^^xsd:decimal .', set()),
        # A text, word for word, or as a name.
        ('id:x glo:quote "er med i" .', {"named"}),
        ('id:x glo:quote "NTNU er med" .', NTNU - {"formal"}),
        ('id:x glo:quote "hvert år" .', {"under"}),
        ('id:x glo:quote "med nettverkene" .', {"named", "aim", "below"}),
        ('id:x glo:quote "Samarbeid med SINTEF" .', SINTEF),
        ('id:x glo:quote "noe annet" .', set()),
    ],
)  # fmt: skip
def test_a_passage_speaks_of_what_a_statement_says(
    statement: str, passages: set[str]
) -> None:
    assert spoken(statement) == passages


@pytest.mark.parametrize(
    "statement",
    [
        "id:x glo:partner id:ntnu .",
        "id:unlisted glo:partOf id:plan .",
        'id:unlisted glo:number "0"^^xsd:integer .',
        'id:x glo:quote "NTNU" .',
        "id:x glo:role <https://example.org/id/role/member> .",
    ],
)
def test_a_passage_that_there_is_not_speaks_of_nothing(statement: str) -> None:
    (triple,) = triples(statement)
    assert not CITATIONS.speaks(triple, f"{ID}nowhere")


def test_names_and_where_they_stand() -> None:
    assert CITATIONS.names_of(f"{ID}ntnu") == (
        "NTNU", "Norges teknisk-naturvitenskapelige universitet",
    )  # fmt: skip
    assert CITATIONS.names_of(f"{ID}nobody") == ()
    assert CITATIONS.named_by(["SINTEF"]) == {ID + name for name in SINTEF}
    # An iterator may be gone through once only.
    both = iter(["SINTEF", "NTNU"])
    assert CITATIONS.named_by(both) == {
        ID + name for name in SINTEF | NTNU - {"formal"}
    }
    assert CITATIONS.named_by([]) == set()


def silent(statement: str, *passages: str) -> list[str]:
    (triple,) = triples(statement)
    cited = [ID + passage for passage in passages]
    return [iri.removeprefix(ID) for iri in CITATIONS.silent(triple, iter(cited))]


def test_passages_that_do_not_speak_are_named_in_order() -> None:
    said = "id:x glo:partner id:ntnu ."
    assert silent(said, "named", "dated") == []
    assert silent(said, "aim", "named", "under") == ["aim", "under"]
    assert silent(said, "under", "aim") == ["under", "aim"]


def test_the_word_for_its_class_is_enough_where_another_passage_names_a_thing() -> None:
    town = source_file(
        'id:verdal a glo:Municipality ; rdfs:label "NTNU"@nb . id:no-kind rdfs:label '
        '"NTNU"@nb .'
    )
    files = [*FILES, town]
    citations = Citations(files, read_source(files))
    (stands,) = triples("id:x glo:partner id:verdal .")
    named, word, aim = ID + "named", ID + "word", ID + "aim"
    assert citations.silent(stands, [named, word, aim]) == [aim]
    # Where none names it the word alone is no name.
    assert citations.silent(stands, [word, aim]) == [word, aim]
    (other,) = triples("id:x glo:partner id:no-kind .")
    assert citations.silent(other, [named, word]) == [word]


def test_without_a_language_words_are_compared_as_they_are() -> None:
    files = [
        source_file(
            'id:p a glo:SourcePassage ; glo:exactText "De er medlemmer av NTNU i '
            'mars 2024, tre av dem." . id:ntnu rdfs:label "NTNU" , "medlem" .'
        )
    ]
    citations = Citations(files, read_source(files))
    for statement, expected in [
        ("id:x glo:partner id:ntnu .", True),
        ("id:x glo:role <https://example.org/id/role/member> .", False),
        ("id:ntnu glo:number 3 .", False),
        ("id:ntnu glo:number 2024 .", True),
    ]:
        (triple,) = triples(statement)
        assert citations.speaks(triple, f"{ID}p") is expected, statement
    assert citations.speaks(
        triples('id:ntnu glo:start "2024"^^xsd:gYear .')[0], iri("id:p").value
    )
