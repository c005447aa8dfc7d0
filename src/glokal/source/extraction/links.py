"""Links: the addresses behind the words of a page, listed where the page ends.

A path on somebody's own machine often has his name; it is never written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from glokal.source.extraction.blocks import Block, BlockKind, Line
from glokal.source.extraction.pdf_pages import Link

REDACTED = "[lokal filsti fjernet]"
_ON_THE_WEB = ("http:", "https:", "mailto:", "www.")


def link_blocks(
    blocks: Sequence[Block], links: Mapping[int, Sequence[Link]]
) -> list[Block]:
    """Return blocks with the links of each page behind what ends last on it."""
    results: list[Block] = []
    waiting = {page: list(of) for page, of in links.items() if of}
    for at, block in enumerate(blocks):
        results.append(block)
        following = blocks[at + 1].lines[0].page if at + 1 < len(blocks) else 1 << 30
        for page in sorted(p for p in waiting if p < following):
            results += [_block(link) for link in _once(waiting.pop(page))]
    return results


def _once(links: Sequence[Link]) -> list[Link]:
    """Return links without those that only go on over the end of a line."""
    results: list[Link] = []
    for link in links:
        if not results or results[-1].address != link.address:
            results.append(link)
    return results


def _block(link: Link) -> Block:
    address = link.address
    local = not address.casefold().startswith(_ON_THE_WEB)
    text = REDACTED if local else "".join(address.split())
    return Block(BlockKind.LINK, [Line(text, link.page)], redacted=local)
