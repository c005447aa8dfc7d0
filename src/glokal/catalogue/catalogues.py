"""A catalogue of catalogues: those of several regions, and the dataset of all.

DCAT 3, section 6.3 (`dcat:catalog`, with `dcterms:hasPart` that DCAT-AP 3.0.1 has for
the same). The members' catalogues stand in it whole, as each region publishes its own,
so that a portal is set up with one source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from glokal.catalogue.common_metadata import Describer
from glokal.catalogue.datasets import DatasetDescription, distributions
from glokal.catalogue.dcat import add_dataset
from glokal.catalogue.facts import GraphFacts
from glokal.catalogue.identifiers import Identifiers
from glokal.catalogue.resource_texts import resource_texts
from glokal.core.files.data_files import DataFile
from glokal.core.namespaces import DCAT, DCTERMS, PROV
from glokal.dataset.regions.together import Together


def catalogue_of_catalogues(
    together: Together,
    catalogues: Mapping[str, Sequence[ox.Triple]],
    dump: DataFile,
) -> list[ox.Triple]:
    """Return the catalogue of several regions.

    `catalogues` are those of the members that have one, by slug; of the others the
    dataset says that it was made of theirs.
    """
    project = together.project
    facts = GraphFacts("", "", (), (), (), project.languages, 0, 0)
    say = Describer(project, facts)
    node = say.names.iri("catalog")
    say.catalog(node, resource_texts(project, "regions-catalog"))
    graph = DatasetDescription(
        project.slug,
        resource_texts(project, "regions-graph", regions=len(together.members)),
        distributions(project, project.slug, [dump], ""),
        "",
        project.languages,
        of_strategy=False,
    )
    dataset = say.names.dataset(project.slug)
    say.out.iri(node, DCAT + "dataset", dataset)
    add_dataset(say, graph)
    theirs: list[ox.Triple] = []
    for member in together.members:
        if member.member.slug not in catalogues:
            continue
        say.out.iri(dataset, PROV + "wasDerivedFrom", member.iri)
        assert member.member.project is not None
        other = Identifiers(member.member.project).iri("catalog")
        for term in (DCAT + "catalog", DCTERMS + "hasPart"):
            say.out.iri(node, term, other)
        theirs += catalogues[member.member.slug]
    return list(dict.fromkeys([*say.triples(), *theirs]))
