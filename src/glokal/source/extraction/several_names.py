"""Items of cells that may be several: partners, networks, activities, programmes.

Nothing tells where one ends when its line is full and the next begins with a capital,
as each word of a name may; a slash or the word for and may stand within a name, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from glokal.source.draft_vocabulary import DraftVocabulary
from glokal.source.extraction.blocks import Block, BlockKind, Doubt, Line
from glokal.source.extraction.citations import phrases
from glokal.source.programme_names import well_known_programme

_OF_NAMES = ("activity", "network", "partner", "programme")
_JOINED = ("network", "partner")
_OPEN = ",–—-/&+(:"
_SLASH = "/"
# A word of so many letters is hardly the first one of a name.
_LONG = 12


def several_names(blocks: Iterable[Block]) -> Iterator[Doubt]:
    """Yield a doubt for each item of such a cell that may be several."""
    words = DraftVocabulary("")
    for block in blocks:
        if block.kind != BlockKind.TABLE_ITEM or block.column is None:
            continue
        role = words.role(" ".join(block.column.text.split()))
        text = " ".join(block.text.split())
        if role not in _OF_NAMES or well_known_programme(text):
            continue
        joined = role in _JOINED and _is_joined(text.split())
        if joined or _begins_again(block.lines):
            yield Doubt("several-names", block.lines[0].page, text)


def _is_joined(words: Sequence[str]) -> bool:
    languages = phrases()["languages"].values()
    joints = {_SLASH, *(word for of in languages for word in of["conjunctions"])}
    return any(
        joint.casefold() in joints and after[:1].isupper()
        for joint, after in pairwise(words[1:])
    )


def _begins_again(lines: Sequence[Line]) -> bool:
    goes_on = {*phrases()["goes_on"]["words"]}
    return any(
        line.text[:1].isupper()
        and above.text[-1:] not in _OPEN
        and above.text.split()[-1].casefold() not in goes_on
        and (len(above.words) > 1 or above is not lines[0] or len(above.text) >= _LONG)
        for above, line in pairwise(lines)
    )
