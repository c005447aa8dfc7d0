"""What `glokal query` and `glokal sparql` can both be asked."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import click

from glokal.cli.context import Session, day_option
from glokal.cli.messages import said, told
from glokal.core.errors import UsageError
from glokal.core.sandbox import sandbox_available
from glokal.dataset.explain_empty import explain_empty, explanation_sentences
from glokal.dataset.views import IN_STRATEGY, VIEWS
from glokal.sparql import result_formats as formats
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


format_option = click.option(
    "--format",
    "fmt",
    type=click.Choice(formats.all_formats()),
    default="table",
    show_default=True,
    help="How the answer is written.",
)


service_option = click.option(
    "--allow-service",
    "services",
    multiple=True,
    metavar="IRI",
    help="Let SERVICE ask this endpoint; may be given more than once.",
)
as_of_option = day_option(
    "--as-of", "Answer what was true on this day, by what the register was told."
)
view_option = click.option(
    "--view",
    type=click.Choice(VIEWS),
    default=IN_STRATEGY,
    show_default=True,
    help="Ask the strategy alone, or with what was reported since, up to the day of "
    "publication.modified.",
)


def tell_unsealed(session: Session) -> None:
    """Say that queries can't be sealed off here, where they can't."""
    if not sandbox_available():
        session.say(said("common.not_sealed"))


def refuse_two_days(
    as_of: datetime.date | None, endpoint: str | None, view: str
) -> None:
    """Raise UsageError for a day beside another one, or beside a service."""
    if as_of is not None and view != IN_STRATEGY:
        raise told(UsageError, "query.two_days")
    if as_of is not None and endpoint is not None:
        raise told(UsageError, "query.day_there")
