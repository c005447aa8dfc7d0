"""`--why`: says on the error stream why a query has no rows."""

from __future__ import annotations

from collections.abc import Collection

import click

from glokal.dataset.explain_empty import in_words, why_empty
from glokal.sparql.store_interface import Answer, Store, Table

why_option = click.option(
    "--why",
    "why",
    is_flag=True,
    help="When there are no rows, say which pattern of the query left nothing.",
)


def tell_why(
    store: Store, text: str, answer: Answer, lang: str, services: Collection[str]
) -> None:
    """Say why an answer has no rows; nothing when it has some, or isn't rows."""
    if not isinstance(answer, Table) or answer.rows:
        return

    def ask(tried: str) -> bool:
        found = store.query(tried, services=services)
        return bool(found.rows) if isinstance(found, Table) else bool(found)

    if reason := why_empty(text, ask):
        click.echo(in_words(reason, lang), err=True)
