"""Pages made by copies of the build (`shared_work`), and what these tell of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from glokal.site.build_cache import FilesMade
from glokal.site.markdown_twins import write_twins
from glokal.site.parallel_files import FileWriters
from glokal.site.renderer import PageRenderer
from glokal.site.shared_work import MOST_PARTS, SharedWork
from glokal.site.view_pages import PagesSeen

Thing = TypeVar("Thing")
# Fewer things are done before a copy has begun.
WORTH_A_COPY = 300
# Things that are taken at once, where there aren't too many.
_AT_ONCE = 64


@dataclass(frozen=True)
class _PagesTold:
    """What a copy has written: files with their keys, pages, what the survey saw."""

    files: FilesMade
    written: list[str]
    searchable: list[str]
    seen: PagesSeen


class _PageWork(Generic[Thing]):
    """The pages of some things, so many at once."""

    def __init__(
        self,
        pages: PageRenderer,
        things: Sequence[Thing],
        write: Callable[[Sequence[Thing]], None],
    ) -> None:
        self._pages, self._things, self._write = pages, things, write
        self._size = max(_AT_ONCE, -(-len(things) // MOST_PARTS))
        self.parts = -(-len(things) // self._size)

    def begin_copy(self) -> None:
        pages = self._pages
        pages.kept.begin_copy()
        pages.survey.begin_copy()
        pages.written, pages.searchable, pages.twins = [], [], 0

    def do(self, part: int) -> None:
        start, pages = part * self._size, self._pages
        usual, pages.files = pages.files, FileWriters(pages.root, pages.kept)
        try:
            self._write(self._things[start : start + self._size])
            if pages.writes:
                write_twins(pages)
        finally:
            pages.files = usual

    def told(self) -> _PagesTold:
        pages = self._pages
        return _PagesTold(
            pages.kept.told(), pages.written, pages.searchable, pages.survey.told()
        )

    def take_in(self, told: _PagesTold) -> None:
        pages = self._pages
        pages.kept.take_in(told.files)
        pages.survey.take_in(told.seen)
        # Before the others, for they have their twins.
        pages.written[:0] = told.written
        pages.twins += len(told.written)
        pages.searchable += told.searchable


def shared_pages(
    pages: PageRenderer,
    things: Sequence[Thing],
    write: Callable[[Sequence[Thing]], None],
    copies: int,
) -> SharedWork:
    """Let the pages of things be written by up to so many copies, and by the build.

    `write` writes those of some things; what a page says follows from neither the
    order nor from other pages' being there.
    """
    work = _PageWork(pages, things, write)
    many = len(things) >= WORTH_A_COPY
    return SharedWork(work, work.parts, copies if many else 0)
