"""The publication of several regions, written beside the old one and then in its place.

Each member's own publication stands in it as its own build has made it. What has not
changed isn't made again: neither a member's, as its own build decides, nor the whole.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from glokal.catalogue.catalogues import catalogue_of_catalogues
from glokal.catalogue.identifiers import catalogue_prefixes
from glokal.core.errors import UsageError
from glokal.core.files.data_files import NQUADS, DataFile, pack, write_data_file
from glokal.core.files.symlinks import refuse_link
from glokal.core.settings import REGIONS, SAME_LIST, Regions
from glokal.core.signed_cache import read_plain
from glokal.dataset.regions.together import Together, questions_across
from glokal.rdf.canonical import canonical_quads, canonical_text
from glokal.rdf.serializers.formats import SUFFIXES, serialise
from glokal.site.atomic_swap import replace_directory
from glokal.site.build_stamp import (
    STAMP,
    is_made_from,
    package_digest,
    remember_stamp,
    write_mark,
)
from glokal.site.finished_files import finish_files
from glokal.site.host_rules import FILES as HOST_FILES
from glokal.site.hosting import write_assets
from glokal.site.machine_readable import refuse_faulty_catalogue, write_crawler_files
from glokal.site.markdown_twins import write_twins
from glokal.site.regions.member_pages import FOLDER, MemberPages
from glokal.site.regions.pages import CATALOGUE, DUMP, RegionPages
from glokal.site.renderer import PageRenderer
from glokal.site.search_index import index_pages
from glokal.store.embedded import EmbeddedStore

Progress = Callable[[str], None]
# Rules of hosts hold for the root of a publication, and a mark for one build.
_NOT_TAKEN = (STAMP, ".nojekyll", "robots.txt", *HOST_FILES)


@dataclass(frozen=True)
class RegionsPublication:
    """What a build of several regions made: its folder, its own pages, its dump."""

    root: Path
    pages: int
    dump: DataFile


def whole_is_current(
    regions: Regions, target: Path, publications: Mapping[str, Path]
) -> bool:
    """Whether a folder holds what a build of these regions would make.

    `publications` are those of the members that are folders, by slug, each current.
    """
    return is_made_from(regions.project, target, lambda: _inputs(regions, publications))


def build_regions(
    regions: Regions,
    together: Together,
    target: Path,
    publications: Mapping[str, Path],
    *,
    progress: Progress = lambda _text: None,
) -> RegionsPublication:
    """Write the publication of several regions to a folder.

    Raises as `build_site` does; FindingsError when the catalogue breaks a rule.
    """
    refuse_link(regions.root, target, "-o")
    made_from = _inputs(regions, publications)
    queries = questions_across(together.project)
    with replace_directory(target) as root:
        progress("dump")
        dump = _write_dump(root, together)
        progress("pages")
        pages = PageRenderer(together.project, root)
        members = MemberPages(together, publications)
        store = EmbeddedStore(together.graphs())
        RegionPages(pages, together, store, queries, members).write()
        write_twins(pages)
        write_assets(root)
        progress("catalogue")
        _write_catalogue(root, together, publications, dump)
        progress("search")
        # Before the members' own pages are there, which have an index of their own.
        index_pages(root, pages.searchable)
        write_crawler_files(pages)
        progress("members")
        for slug, publication in publications.items():
            _take_over(publication, root / FOLDER / slug)
        write_mark(root, made_from, finish_files(root))
    remember_stamp(regions.project, target)
    return RegionsPublication(target, len(pages.written), dump)


def _write_dump(root: Path, together: Together) -> DataFile:
    data = canonical_text(canonical_quads(together.quads()))
    dump = write_data_file(root, DUMP, data, NQUADS)
    packed = pack(root, dump)
    folder = DUMP.rpartition("/")[0] + "/"
    sums = "".join(
        f"{f.sha256}  {f.path.removeprefix(folder)}\n" for f in (dump, packed)
    )
    write_data_file(root, f"{folder}SHA256SUMS", sums.encode(), "text/plain")
    return dump


def _write_catalogue(
    root: Path, together: Together, publications: Mapping[str, Path], dump: DataFile
) -> None:
    """Write the catalogue of the members' catalogues in each format."""
    catalogues = {}
    for member in together.members:
        folder = publications.get(member.member.slug)
        if folder is not None:
            raw = (folder / CATALOGUE).read_bytes()
            parsed = ox.parse(input=raw, format=ox.RdfFormat.TURTLE)
            catalogues[member.member.slug] = [quad.triple for quad in parsed]
    triples = catalogue_of_catalogues(together, catalogues, dump)
    refuse_faulty_catalogue(triples)
    project = together.project
    for media, suffix in SUFFIXES.items():
        prefixes = catalogue_prefixes(project)
        data = serialise(triples, media, prefixes, things=project.things)
        write_data_file(root, f"catalog.{suffix}", data, media)


def _take_over(publication: Path, folder: Path) -> None:
    """Put a member's publication where it belongs, by links where they can be."""

    def passed_over(where: str, names: list[str]) -> set[str]:
        for name in names:
            if (path := Path(where) / name).is_symlink():
                raise UsageError(
                    f"{path} is a link, which no build makes.",
                    remedy="run glokal build again in the member's folder.",
                )
        at_root = Path(where) == publication
        return {name for name in names if at_root and name in _NOT_TAKEN}

    shutil.copytree(publication, folder, ignore=passed_over, copy_function=_link)


def _link(source: str, copy: str) -> None:
    # Builds put a new folder into the place of the old one, and write to no file of it.
    try:
        os.link(source, copy)
    except OSError:
        shutil.copyfile(source, copy)


def _inputs(regions: Regions, publications: Mapping[str, Path]) -> str:
    """Return the digest of all that a build of the whole reads."""
    digest = hashlib.sha256(package_digest().encode())
    for name in (REGIONS, SAME_LIST):
        path = regions.root / name
        digest.update(path.read_bytes() if path.is_file() else b"")
        digest.update(b"\n")
    for member in regions.members:
        folder = publications.get(member.slug)
        mark = read_plain(folder / STAMP).decode() if folder else member.sha256
        digest.update(f"{member.slug} {mark}\n".encode())
    return digest.hexdigest()
