"""What is in the catalogue: datasets with the files that they can be had in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from glokal.catalogue.graph_builder import Texts
from glokal.catalogue.resource_texts import ResourceTexts, resource_texts
from glokal.core.files.data_files import DataFile
from glokal.core.settings import Project


@dataclass(frozen=True)
class Distribution:
    """A file of a dataset; `page` is the path of the page that leads to it.

    `inside` is the media type of what is packed in the file, "" when it isn't packed.
    """

    slug: str
    file: DataFile
    naming: ResourceTexts
    page: str
    inside: str = ""


@dataclass(frozen=True)
class Release:
    """The version of something, the day it was first issued and the day it changed."""

    version: str
    issued: datetime.date
    modified: datetime.date


@dataclass(frozen=True)
class DatasetDescription:
    """A dataset: its slug, its words, its files, the page that tells of it.

    `conforms_to` are standards as (IRI, title). `release` is its own version, None
    when that is the publication's. `edition` marks an earlier edition of the graph.
    `of_strategy` is whether it tells of the strategy's period, places and subjects, as
    words and rules don't.
    """

    slug: str
    naming: ResourceTexts
    distributions: tuple[Distribution, ...]
    page: str
    languages: tuple[str, ...]
    conforms_to: tuple[tuple[str, Texts], ...] = ()
    release: Release | None = None
    edition: bool = False
    of_strategy: bool = True


def distributions(
    project: Project, dataset: str, files: Iterable[DataFile], page: str
) -> tuple[Distribution, ...]:
    """Return a distribution for each file, told apart by the files' endings."""
    return tuple(
        Distribution(
            f"{dataset}-{file.name.partition('.')[2].replace('.', '-')}",
            file,
            resource_texts(project, file.media),
            page,
        )
        for file in files
    )
