"""SHACL on the data of a SPARQL service: `glokal validate --endpoint`.

The slice that the shapes can look at is taken from the service and validated here, so
that the report is the one that files with the same triples would get.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from glokal.core.errors import Place
from glokal.dataset.labels import LABEL_PROPERTIES, Labels
from glokal.rdf.source_files import SourceFile
from glokal.store.paging import labels
from glokal.store.remote import RemoteStore
from glokal.validation.display_names import DisplayNames
from glokal.validation.finding import sort_findings
from glokal.validation.localize import localize_findings
from glokal.validation.property_path import read_about
from glokal.validation.report import Report
from glokal.validation.shacl.remote_data import validate_remote_data
from glokal.validation.shacl.results import Result, finding_of_result
from glokal.validation.shacl.rule_descriptions import rules_of_shapes
from glokal.validation.shacl.unsupported import usable_shapes
from glokal.validation.shacl.validate_files import read_shapes_graph

Progress = Callable[[str], None]


def validate_endpoint(
    shapes: Iterable[Path],
    store: RemoteStore,
    *,
    engine: str,
    lang: str,
    allowed: Iterable[str] = (),
    progress: Progress = lambda _step: None,
) -> Report:
    """Validate the default graph of a service against shape files.

    Raises what `validate_files` raises for the shapes and the engine, what the store
    raises, and InputError when the service holds nothing that the shapes look at.
    """
    shape_files = read_shapes_graph(shapes)
    shape_triples, unsupported = usable_shapes(shape_files, allowed, lang)
    judged, count = validate_remote_data(
        store, shape_triples, engine=engine, progress=progress
    )
    results = judged.results
    place = Place(store.endpoint)
    findings = [
        dataclasses.replace(finding_of_result(result), place=place)
        for result in results
    ]
    known = Labels([_labels(store, results, shape_triples), *shape_files])
    prefixes = {p: ns for file in shape_files for p, ns in file.prefixes.items()}
    about = read_about(shape_triples)
    names = DisplayNames(known, prefixes, about, lang)
    findings = localize_findings(findings, names, about)
    counts = {"files": 0, "triples": count, "shapes": len(shape_files), "queries": 0}
    return Report(
        tuple(sort_findings(findings)),
        ("syntax", "shacl"),
        (),
        counts,
        partial(rules_of_shapes, about, names),
        unsupported=unsupported,
        **judged.told(),
    )


def _labels(
    store: RemoteStore, results: Iterable[Result], shapes: Iterable[ox.Triple]
) -> SourceFile:
    terms = [
        *(t.object for t in shapes),
        *(x for r in results for x in (r.focus, r.value)),
    ]
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    triples = tuple(labels(store, named, LABEL_PROPERTIES))
    return SourceFile(store.endpoint, Path(), "", "data", triples, {})
