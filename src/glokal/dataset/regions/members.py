"""The graphs of the members: of a project as it stands, or of a dump on this disk.

Each named graph of a member stays one: a member and a file. The ontology's graphs are
the same for all.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import InputError, Place
from glokal.core.files.bounded_read import (
    FILE_MEGABYTES,
    VARIABLE,
    as_input,
    read_bytes,
)
from glokal.core.files.gzip_limits import unpack
from glokal.core.namespaces import GLO, ONTOLOGY_GRAPH, RDF, RDFS
from glokal.core.settings import Member, Regions, refuse_one_base
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import APART
from glokal.rdf.terms import text_of

Graphs = Mapping[str, Collection[ox.Triple]]
# Graphs that every member has, whatever it says: by them its base is known.
_ALWAYS = ("graph/standard-words", "graph/inferred")
_STRATEGY, _APPLIES_TO = GLO + "InternationalStrategy", GLO + "appliesTo"


@dataclass(frozen=True)
class MemberGraphs:
    """A member with its base and its named graphs, those of the ontology among them.

    `name` is what it is called, by language.
    """

    member: Member
    base: str
    graphs: Graphs = field(repr=False)
    name: Mapping[str, str] = field(default_factory=dict)

    @property
    def iri(self) -> str:
        """The IRI of the member: its dataset, as its own catalogue names it."""
        project = self.member.project
        slug = project.slug if project else self.member.slug
        return f"{self.base}id/dataset/{slug}"

    def in_default_graph(self, graph: str) -> bool:
        """Whether a query without GRAPH sees a graph of the member."""
        return not graph.startswith(tuple(f"{self.base}graph/{k}" for k in APART))

    def own(self) -> Iterable[tuple[str, Collection[ox.Triple]]]:
        """Return its own named graphs: all but the ontology's."""
        return [g for g in self.graphs.items() if not g[0].startswith(ONTOLOGY_GRAPH)]


def read_members(
    regions: Regions, built: Mapping[str, Path] | None = None
) -> tuple[MemberGraphs, ...]:
    """Return the graphs of all members, in their order.

    `built` are N-Quads of members, by slug, that hold what their folders say. Raises
    InputError for a dump that is damaged, another one than was meant, or of more than
    one region; ConfigError for two members with one base; what a workspace raises.
    """
    # Dumps first: what is wrong with them is told before anything is reasoned over.
    dumps = _read_dumps(regions)
    result = []
    for member in regions.members:
        path = (built or {}).get(member.slug)
        if member.slug in dumps:
            result.append(dumps[member.slug])
        elif path is not None:
            quads = _parsed(path.read_bytes(), member, path.name)
            result.append(_checked(member, _by_graph(quads)))
        else:
            result.append(_of_folder(member))
    return tuple(_named(result))


def with_dumps_read(regions: Regions) -> Regions:
    """Return regions whose members all have a base; raises as `read_members` does.

    What is wrong with a dump is told here, before anything is built.
    """
    dumps = _read_dumps(regions)
    members = tuple(
        replace(m, base=dumps[m.slug].base) if m.slug in dumps else m
        for m in regions.members
    )
    bases = tuple(m.base for m in members)
    return Regions(replace(regions.project, member_bases=bases), members)


def _read_dumps(regions: Regions) -> dict[str, MemberGraphs]:
    dumps = {m.slug: _of_dump(m) for m in regions.members if m.project is None}
    known = [
        replace(m, base=dumps[m.slug].base) if m.slug in dumps else m
        for m in regions.members
    ]
    refuse_one_base(known)
    for dump in dumps.values():
        _refuse_foreign(dump, known)
    return dumps


def _of_folder(member: Member) -> MemberGraphs:
    assert member.project is not None
    workspace = Workspace(member.project)
    graphs: dict[str, Collection[ox.Triple]] = {
        f.graph: f.triples for f in workspace.files
    }
    graphs.update(workspace.derived_graphs)
    graphs.update(workspace.beside_graphs)
    return MemberGraphs(member, member.base, graphs)


def _of_dump(member: Member) -> MemberGraphs:
    """Return the graphs of a dump, whose digest is the one that was written down."""
    with as_input():
        raw = read_bytes(member.path, member.written)
    digest = hashlib.sha256(raw).hexdigest()
    if digest != member.sha256:
        raise InputError(
            f"The dump {member.written} is not the one that was meant: its SHA-256 is "
            f"{digest}, and regions.toml has {member.sha256}.",
            remedy="fetch it again; when the region has published another one, look at "
            "what has changed and write the new number.",
            place=member.place,
        )
    if member.path.name.endswith(".gz"):
        limit = number_setting(VARIABLE, FILE_MEGABYTES)
        try:
            with as_input():
                raw = unpack(raw, member.written, limit, VARIABLE)
        except (OSError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(
                f"The dump {member.written} can't be unpacked: {error}.",
                remedy="fetch it again.",
                place=member.place,
            ) from error
    return _checked(member, _by_graph(_parsed(raw, member, member.written)))


def _parsed(raw: bytes, member: Member, name: str) -> list[ox.Quad]:
    try:
        # The same label in two dumps is two blank nodes.
        parser = ox.parse(
            input=raw, format=ox.RdfFormat.N_QUADS, rename_blank_nodes=True
        )
        return list(parser)
    except (SyntaxError, UnicodeDecodeError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        said = getattr(error, "msg", None) or error
        raise InputError(
            f"The dump {member.written} is not N-Quads: {said}.",
            remedy="name the file that ends in .nq, or .nq.gz, of a publication's "
            "dump/.",
            place=Place(name, line) if isinstance(line, int) else member.place,
        ) from error


def _by_graph(quads: Iterable[ox.Quad]) -> Graphs:
    graphs: dict[str, list[ox.Triple]] = {}
    for quad in quads:
        name = quad.graph_name
        iri = name.value if isinstance(name, ox.NamedNode) else ""
        graphs.setdefault(iri, []).append(quad.triple)
    return {iri: tuple(triples) for iri, triples in graphs.items()}


def _checked(member: Member, graphs: Graphs) -> MemberGraphs:
    """Return the graphs of a member; InputError when some are not its own."""
    if not any(not g.startswith(ONTOLOGY_GRAPH) for g in graphs if g):
        raise InputError(
            f"The dump {member.written} has no named graph of a region.",
            remedy="take dump/glokal.nq of its publication: a named graph a file.",
            place=member.place,
        )
    base = member.base or _base_of(member, graphs)
    for graph, triples in graphs.items():
        if not graph.startswith((f"{base}graph/", ONTOLOGY_GRAPH)):
            where = f"the graph {graph}" if graph else "statements in no named graph"
            raise InputError(
                f"{member.written} has {where}, which is not under the base {base}.",
                remedy="see that base is right, and that the dump is of one region; "
                "dump/glokal.nq of its publication is.",
                place=member.place,
            )
        if any(isinstance(t.object, ox.Triple) for t in triples):
            raise InputError(
                f"{member.written} has statements about statements (RDF 1.2) in the "
                f"graph {graph}.",
                remedy="take dump/glokal.nq of its publication, which has none.",
                place=member.place,
            )
    return MemberGraphs(member, base, graphs)


def _base_of(member: Member, graphs: Iterable[str]) -> str:
    bases = {g.removesuffix(e) for g in graphs for e in _ALWAYS if g.endswith(f"/{e}")}
    if len(bases) == 1:
        return bases.pop()
    several = f"has graphs of {len(bases)} regions: {', '.join(sorted(bases))}"
    raise InputError(
        f"The dump {member.written} "
        f"{several if bases else 'does not tell the base of its region'}.",
        remedy="take the dump of one region."
        if bases
        else 'write base = "https://…/" under it.',
        place=member.place,
    )


def _refuse_foreign(dump: MemberGraphs, members: Iterable[Member]) -> None:
    """Refuse a dump that says something of what another member has named."""
    others = {m.base: m for m in members if m.base and m.base != dump.base}
    for graph, triples in dump.own():
        for triple in triples:
            subject = text_of(triple.subject)
            for base, other in others.items():
                if subject.startswith(f"{base}id/"):
                    raise InputError(
                        f"The dump {dump.member.written} says something of {subject}, "
                        f"which {other.written} has named (in {graph}).",
                        remedy="ask the region for a dump of its own statements only.",
                        place=dump.member.place,
                    )


def _named(members: Iterable[MemberGraphs]) -> list[MemberGraphs]:
    """Return the members with their names; two of one name have their slug behind."""
    named = [replace(m, name=m.member.name or _name_of(m)) for m in members]
    result = []
    for one in named:
        twins = {
            language
            for other in named
            if other is not one
            for language, name in one.name.items()
            if other.name.get(language, "").casefold() == name.casefold()
        }
        told = {
            x: f"{n} ({one.member.slug})" for x, n in one.name.items() if x in twins
        }
        result.append(replace(one, name={**one.name, **told}))
    return result


def _name_of(member: MemberGraphs) -> Mapping[str, str]:
    """Return what the one place is called that the strategy applies to.

    Where there is none, or several, the title of the publication, or the slug.
    """
    said = [
        t for g, triples in member.own() if member.in_default_graph(g) for t in triples
    ]
    plans = {
        t.subject
        for t in said
        if t.predicate.value == RDF + "type" and text_of(t.object) == _STRATEGY
    }
    places = {
        t.object
        for t in said
        if t.predicate.value == _APPLIES_TO and t.subject in plans
    }
    if len(places) == 1:
        (place,) = places
        names = {
            t.object.language or "": t.object.value
            for t in said
            if t.subject == place
            and t.predicate.value == RDFS + "label"
            and isinstance(t.object, ox.Literal)
        }
        if names:
            return names
    project = member.member.project
    return project.title if project else {"": member.member.slug}


def member_name(member: MemberGraphs, lang: str) -> str:
    """Return what a member is called in a language, or the nearest one."""
    for choice in (lang, "nb", "nn", "en", ""):
        if choice in member.name:
            return member.name[choice]
    return next(iter(member.name.values()))
