"""The list of all things by kind, the ones behind the pages apart."""

from __future__ import annotations

from collections import defaultdict

from glokal.publish.pages import Pages
from glokal.publish.view import Value, View, in_order
from glokal.rdf.terms import sort_key
from glokal.vocabulary import GEO, GLO, RDF

# What holds the other pages up: read there, rarely looked for by itself.
_BEHIND = {
    GEO + "Geometry",
    *(
        GLO + name
        for name in (
            "MappingEntry", "Membership", "OutsideRecord", "Participation",
            "SourceDocument", "SourcePassage",
        )
    ),
}  # fmt: skip

Groups = list[tuple[str, tuple[Value, ...]]]


def is_behind(view: View, iri: str) -> bool:
    """Whether a thing holds other pages up and is rarely looked for by itself."""
    return bool(_BEHIND.intersection(view.objects(iri, RDF + "type")))


def write_index(view: View, pages: Pages) -> None:
    """Write the list of all things in each language."""
    for lang in pages.project.languages:
        words = pages.words[lang]
        groups: dict[bool, dict[str, list[Value]]] = {True: {}, False: {}}
        for behind in groups:
            groups[behind] = defaultdict(list)
        for iri in view.things():
            behind = is_behind(view, iri)
            for kind in view.kinds(iri, lang):
                groups[behind][kind.text].append(view.link(iri, lang))
        pages.render(
            "all.html",
            lang,
            pages.named("all"),
            words["all_things"],
            crumbs=[(words["all_things"], "")],
            groups=_sorted(groups[False]),
            technical=_sorted(groups[True]),
        )


def _sorted(groups: dict[str, list[Value]]) -> Groups:
    return [
        (kind[:1].upper() + kind[1:], in_order(things))
        for kind, things in sorted(groups.items(), key=lambda g: sort_key(g[0]))
    ]
