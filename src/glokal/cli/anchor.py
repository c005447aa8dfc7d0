"""`glokal anchor`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext

import click

from glokal.cli.context import Session, wait_options
from glokal.cli.messages import said
from glokal.core.files.journal import FileChange, write_together
from glokal.dataset.sources_state import State, refuse_changed_sources, sources_state
from glokal.dataset.workspace import Workspace
from glokal.source.anchor import Proposal


@click.command(epilog="Exit codes: 0 all are placed, 1 some are not, 2 wrong use.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be.")
@wait_options
@click.pass_obj
def anchor(session: Session, dry_run: bool, wait: float) -> None:
    """Propose which passages say each statement of a thing that has several.

    Writes data/provenance/, one file for each file of data/strategy. The words of the
    passages are compared with the names, numbers and dates of the statement: read the
    proposal and keep the smallest passages that say it. What stands there already is
    kept; nodes of statements that are gone are taken away.
    """
    from glokal.dataset.prefixes import all_prefixes, statement_prefixes
    from glokal.source.anchor import propose

    lock = nullcontext() if dry_run else session.writing("anchor", wait)
    with lock:
        workspace = session.workspace
        read = sources_state(workspace.project)
        things = workspace.project.things
        prefixes = {**all_prefixes(workspace), **statement_prefixes(workspace)}
        proposal = propose(
            workspace.files,
            workspace.choices,
            workspace.provenance,
            things=things,
            prefixes=prefixes,
        )
        if not dry_run:
            _write(workspace, proposal, read)
    for name in proposal.files:
        what = "anchor.would_change" if dry_run else "common.written"
        click.echo(said(what, file=name))
    _tell(workspace, proposal, prefixes)
    if proposal.unplaced:
        raise SystemExit(1)


def _write(workspace: Workspace, proposal: Proposal, read: State) -> None:
    """Write the files together; the lock on the project is held.

    `read` is what they were when they were read: an editor takes no lock.
    """
    root = workspace.project.root
    refuse_changed_sources(workspace.project, read)
    changes = [
        FileChange(root / name, text.encode(), read.get(name, ""))
        for name, text in proposal.files.items()
    ]
    write_together(
        root,
        changes,
        command="glokal anchor",
        remedy="see that the folder data can be written.",
    )


def _tell(
    workspace: Workspace, proposal: Proposal, prefixes: Mapping[str, str]
) -> None:
    from glokal.rdf.terms import shorten, text_of

    counts = workspace.provenance.counts()
    click.echo(
        said(
            "anchor.summary",
            statements=counts["statements"],
            derived=counts["derived"],
            chosen=counts["chosen"],
            proposed=proposal.proposed,
            retired=proposal.retired,
        )
    )
    for statement in proposal.unplaced:
        t = statement.triple
        terms = (text_of(t.subject), t.predicate.value, text_of(t.object))
        text = " ".join(shorten(term, prefixes) for term in terms)
        click.echo(said("anchor.unplaced", file=statement.file, statement=text))
    if proposal.unplaced:
        click.echo(said("anchor.give"))
