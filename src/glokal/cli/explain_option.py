"""`--why`: says on the error stream why a query has no rows."""

from __future__ import annotations

from collections.abc import Collection

import click

from glokal.dataset.explain_empty import explain_empty, explanation_sentences
from glokal.sparql.store_interface import Answer, Store, Table

why_option = click.option(
    "--why",
    "why",
    is_flag=True,
    help="When there are no rows, say which pattern of the query left nothing.",
)


def print_explanation(
    store: Store, text: str, answer: Answer, lang: str, services: Collection[str]
) -> None:
    """Say why an answer has no rows; nothing when it has some, or isn't rows."""
    if not isinstance(answer, Table) or answer.rows:
        return

    def ask(tried: str) -> bool:
        result = store.query(tried, services=services)
        return bool(result.rows) if isinstance(result, Table) else bool(result)

    if reason := explain_empty(text, ask):
        click.echo(explanation_sentences(reason, lang), err=True)
