"""What the steps of a check hold: of the data what they compare, and no triples.

Each step is run in a process of its own, over files that make their triples anew at
each pass, and is asked how far its memory rose. A triple held takes 340 bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

THINGS = 20_000
# Bytes for each thing of twelve triples, which are 4,080 when they are held. What the
# steps compare of each thing takes some hundred, and what they only look for none.
STEPS = {
    "base": 50,
    "citations": 700,
    "codes": 50,
    "labels": 50,
    "nodes": 300,
    "numbers": 50,
    "quotes": 300,
    "reports": 50,
    "shacl": 50,
    "statements": 300,
}
PROGRAM = '''
import dataclasses, gc, json, sys
from collections.abc import Collection
from pathlib import Path
import pyoxigraph as ox
from glokal.core.namespaces import CODE
from glokal.core.settings import load_project
from glokal.dataset.activity_status import read_reports
from glokal.dataset.codes_in_use import codes_in_use
from glokal.dataset.labels import Labels
from glokal.dataset.workspace import Workspace
from glokal.rdf.project_files import STRATEGY
from glokal.source.documents import read_source
from glokal.source.passage_support import Citations
from glokal.source.provenance import trace
from glokal.validation import country_codes, outside_base, quotations
from glokal.validation.shacl.data_graph import write_triples

HEAD = """@prefix glo: <https://w3id.org/glokal/def#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix p: <{things}> . """
ONE = """p:activity-{n} a glo:Exchange ;
  rdfs:label "Utveksling {n}"@nb , "Exchange"@en ;
  glo:supportedUnder p:one , p:two , p:three ; glo:note "a" , "b" , "c" , "d" , "e" ;
  glo:statedIn <{passage}> . """


class Made(Collection):
    """Triples that are read anew at each pass, in parts."""

    def __init__(self, things, passage, number):
        self.things, self.passage, self.number = things, passage, number

    def __iter__(self):
        for start in range(0, self.number, 500):
            numbers = range(start, min(start + 500, self.number))
            text = "".join(ONE.format(n=n, passage=self.passage) for n in numbers)
            text = HEAD.format(things=self.things) + text
            for quad in ox.parse(input=text, format=ox.RdfFormat.TURTLE):
                yield quad.triple

    def __len__(self):
        return self.number * EACH

    def __contains__(self, triple):
        raise AssertionError("nothing is looked up in a file")


def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) for x in lines if x.startswith("VmHWM")) * 1024


def drain(found):
    return sum(1 for _ in found)


EACH = 12
step, number, folder, out = sys.argv[1], int(sys.argv[2]), *map(Path, sys.argv[3:])
project = load_project(folder)
workspace = Workspace(project)
files = workspace.files
passage = next(iter(read_source(files).passages))
(at, file), *_ = ((n, f) for n, f in enumerate(files) if f.kind == STRATEGY)


def with_things(number):
    made = dataclasses.replace(
        file, name="large", triples=Made(project.things, passage, number)
    )
    return (*files, made)


STEPS = {
    "labels": lambda files: Labels(files, of={"x"}).of("x", "nb"),
    "base": lambda files: drain(outside_base.check_base(files, project)),
    "numbers": lambda files: drain(
        country_codes.check_country_codes(country_codes.said_of_codes(files), project)
    ),
    "shacl": lambda files: write_triples(
        (t for f in files for t in f.triples), out, 2000
    ),
    "quotes": lambda files: drain(quotations.check_quotes(files)),
    "nodes": lambda files: drain(trace(files, (), project.things).triples()),
    "statements": lambda files: trace(files, (), project.things).counts(),
    "citations": lambda files: Citations(files, read_source(files)) and None,
    "reports": lambda files: drain(read_reports(files)),
    "codes": lambda files: drain(codes_in_use(files)),
}
STEPS[step](with_things(10))
gc.collect()
Path("/proc/self/clear_refs").write_text("5")
before = peak()
STEPS[step](with_things(number))
print(json.dumps(peak() - before))
'''


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="Linux tells what was held"
)
@pytest.mark.parametrize("step", STEPS)
def test_a_step_does_not_hold_the_triples(step: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, step, str(THINGS)]
    paths = [str(ROOT / "tests" / "region"), str(tmp_path / "data.nt")]
    done = subprocess.run(
        [*command, *paths], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) < STEPS[step] * THINGS
