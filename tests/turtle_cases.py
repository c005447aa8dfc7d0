"""Places on the W3C suites of Turtle, TriG, N-Triples and N-Quads.

Run with `python -m tests.turtle_cases DIRECTORY` (make test-w3c-turtle DIR=…), where
the directory holds the suites' folders with their `manifest.ttl`. In each file that is
valid, every triple must be placed, and what is written at its place, read by itself,
must be its object; what only RDF 1.2 has must be refused by name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import InputError, Place
from glokal.core.namespaces import RDF
from glokal.rdf.any_format import read_triples
from glokal.rdf.rdf_input import plain_input
from glokal.rdf.source_files import SourceFile
from glokal.rdf.turtle.source_map import Locator

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
RDFT = "http://www.w3.org/ns/rdftest#"
POSITIVE = {
    f"{RDFT}Test{syntax}{kind}"
    for syntax in ("Turtle", "Trig", "NTriples", "NQuads")
    for kind in ("Eval", "PositiveSyntax")
}
NEWER = "RDF 1.2"
# Valid files that are not placed whole, and why.
KNOWN: dict[str, str] = {}


def cases(folder: Path) -> Iterator[Path]:
    """Yield the valid files of the suites in a folder."""
    for manifest in sorted(folder.rglob("manifest.ttl")):
        base = manifest.resolve().as_uri()
        triples = [q.triple for q in ox.parse(path=manifest, base_iri=base)]
        positive = {
            t.subject
            for t in triples
            if t.predicate.value == RDF + "type"
            and isinstance(t.object, ox.NamedNode)
            and t.object.value in POSITIVE
        }
        for t in triples:
            if t.predicate.value == MF + "action" and t.subject in positive:
                assert isinstance(t.object, ox.NamedNode)
                path = manifest.parent / t.object.value.rpartition("/")[2]
                if path.suffix in (".ttl", ".trig", ".nt", ".nq"):
                    yield path


def read(path: Path) -> SourceFile:
    """Read a file as `glokal validate` does."""
    prefixes: dict[str, str] = {}
    triples = tuple(read_triples(plain_input(path), prefixes))
    return SourceFile(path.name, path, "", "data", triples, prefixes)


def difference(path: Path) -> str:
    """Return what is wrong with the places in a file, "" when nothing is.

    Raises InputError for a file that is refused.
    """
    file = read(path)
    locator = Locator(file)
    names = {
        t.subject.value for t in file.triples if isinstance(t.subject, ox.NamedNode)
    }
    nodes = {n for t in file.triples for n in (t.subject, t.object)}
    blank = [n for n in nodes if isinstance(n, ox.BlankNode)]
    placed = [p for name in sorted(names) for p in locator.about(name)]
    placed = [p for p in placed if not _has_blank(p.triple)]
    placed += locator.mentioning(blank)
    missing = set(file.triples) - {p.triple for p in placed}
    if missing:
        return f"no place for {next(iter(missing))}"
    if {p.triple for p in placed} - set(file.triples):
        return "a triple that the file doesn't hold"
    text = path.read_bytes().decode()
    for p in placed:
        # The rest of a list has no place but that of its next member.
        at = p.subject if p.triple.predicate.value == RDF + "rest" else p.value
        told = p.triple.subject if at is p.subject else p.triple.object
        if not _reads(locator, text, at, told):
            return f"{at} is not {told}"
    return ""


def _has_blank(triple: ox.Triple) -> bool:
    return any(isinstance(n, ox.BlankNode) for n in (triple.subject, triple.object))


def _reads(locator: Locator, text: str, at: Place, told: object) -> bool:
    """Whether what stands at a place, read as an object by itself, is the term."""
    starts = [0, *(m.end() for m in re.finditer(r"\r\n|\n|\r", text))]
    assert at.line is not None and at.column is not None
    rest = text[starts[at.line - 1] + at.column - 1 :]
    if isinstance(told, ox.BlankNode):
        return rest.startswith(("[", "(", "_:"))
    base = locator.file.path.resolve().as_uri()
    ends = [m.start() for m in re.finditer(r"[\s)\].,;{}]|$|(?<=[>\"'])", rest)]
    # Prefixes may change on the way, so each scope of the file may be the one.
    for _, scope in locator._statements.scope_from:
        head = "".join(f"@prefix {n}: <{i}> .\n" for n, i in scope.prefixes.items())
        for end in ends[:200]:
            alone = f"{head}<urn:s> <urn:p> {rest[:end]} ."
            try:
                *_, quad = ox.parse(
                    input=alone,
                    format=ox.RdfFormat.TURTLE,
                    base_iri=scope.base or base,
                )
            except (SyntaxError, ValueError):
                continue
            if quad.object == told:
                return True
    return False


def main() -> None:
    """Run the suites; exit 1 at a miss that isn't known, or a known one fixed."""
    folder = Path(sys.argv[1])
    found = list(cases(folder))
    if len(found) < 300:
        sys.exit(f"{folder} holds {len(found)} files; the W3C suites have over 300.")
    wrong = refused = 0
    for path in found:
        try:
            what = difference(path)
        except InputError as error:
            what = "" if NEWER in error.what else str(error)
            refused += not what
        name = f"{path.parent.name}/{path.name}"
        if bool(what) != (name in KNOWN):
            wrong += 1
            print(f"{name}: {what or 'placed, but is listed as known'}")
    print(
        f"{len(found) - wrong} of {len(found)} files, of which {refused} are refused "
        f"as RDF 1.2; {len(KNOWN)} known"
    )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
