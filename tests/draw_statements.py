"""Statements to be read against their passages, drawn the same by everybody.

`python -m tests.draw_statements SEED` prints the first hundred in the order of
SHA-256(seed + IRI). The seed is the digest of the commit that the data were read in, so
that nobody chooses what is drawn. What was found is in docs/statements-read.md.
"""

from __future__ import annotations

import hashlib
import sys

import pyoxigraph as ox

from glokal.core.settings import load_project
from glokal.dataset.labels import Labels
from glokal.dataset.workspace import Workspace
from glokal.rdf.terms import text_of
from glokal.source.provenance import Provenance, StatementNode
from tests.conftest import ROOT

NUMBER = 100


def draw(
    provenance: Provenance, seed: str, number: int = NUMBER
) -> list[StatementNode]:
    """Return the statements that a seed draws, in the order that they are drawn."""

    def place(node: StatementNode) -> str:
        return hashlib.sha256(f"{seed}{node.iri}".encode()).hexdigest()

    return sorted(provenance.nodes.values(), key=place)[:number]


def short_name(node: StatementNode) -> str:
    """Return enough of the digest in a statement's IRI to know it by."""
    return node.iri.rpartition("/")[2][:12]


def passages(node: StatementNode) -> str:
    """Return the offsets of a statement's passages, as they are named."""
    return " ".join(passage.rpartition("/")[2] for passage in node.passages)


def main(seed: str) -> None:
    """Print the statements that a seed draws, as rows of a table for verdicts."""
    workspace = Workspace(load_project(ROOT))
    labels = Labels(workspace.files)
    source = workspace.provenance.source
    for node in draw(workspace.provenance, seed):
        t = node.triple
        names = [labels.of(text_of(term), "nb") for term in (t.subject, t.predicate)]
        value = text_of(t.object)
        literal = isinstance(t.object, ox.Literal)
        names.append(value if literal else labels.of(value, "nb"))
        words = " / ".join(source.passages[p].text for p in node.passages)
        cells = (short_name(node), " · ".join(names), passages(node), words)
        print("|", " | ".join(" ".join(c.split()) for c in cells), "| |")


if __name__ == "__main__":
    main(sys.argv[1])
