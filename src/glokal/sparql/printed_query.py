"""A query as a service is asked it: its text, and what must be known of it besides.

A process that has the network gets this from one that has none, and reads no query.
"""

from __future__ import annotations

from dataclasses import dataclass

from glokal.sparql.printer import declared_base, print_query, print_select
from glokal.sparql.tree import Query, Select
from glokal.sparql.walk import selects_and_elements


@dataclass(frozen=True)
class PrintedQuery:
    """A query's text and its form: SELECT, ASK, CONSTRUCT or DESCRIBE.

    `limits` are the numbers behind LIMIT, at any depth; `part` is a SELECT as it stands
    in another one, "" for what can't; `base` is what such a text begins with.
    `has_dataset` is whether FROM stands there; `view` a view that it named instead.
    """

    text: str
    form: str
    limits: tuple[int, ...]
    part: str
    base: str
    has_dataset: bool
    view: str = ""


def printed(query: Query) -> PrintedQuery:
    """Return a query as a service is asked it; it has no SERVICE any more."""
    selects = selects_and_elements(query.select)
    limits = {part.limit for part in selects if isinstance(part, Select)}
    # A subquery has no FROM, and is a SELECT.
    can_be_part = query.form == "SELECT" and not query.dataset
    return PrintedQuery(
        print_query(query),
        query.form,
        tuple(sorted(limit for limit in limits if limit is not None)),
        print_select(query.select) if can_be_part else "",
        declared_base(query),
        bool(query.dataset),
    )
