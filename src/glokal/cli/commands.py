"""The commands: where each is, what it is for, and the extras that it needs."""

from __future__ import annotations

from typing import Any, ClassVar

import click

from glokal.core.extras import install_command, missing_of, need_extras
from glokal.core.os_errors import (
    ENGINE_MEGABYTES,
    SOURCE_MEGABYTES,
    refuse_little_memory,
)


class LazyGroup(click.Group):
    """A group that imports a command only when it is used, so that it starts fast."""

    # Where each command is, what it is for in a line, and the extras it can't do
    # without. What else it needs depends on the project, and is asked for by it.
    commands_in: ClassVar[dict[str, tuple[str, str, tuple[str, ...]]]] = {
        "init": (
            "glokal.cli.init:init",
            "Begin a project: the folder of another region.",
            (),
        ),
        "demo": (
            "glokal.cli.demo:demo",
            "Look at a finished publication, of an invented region.",
            ("site", "serve"),
        ),
        "docs": (
            "glokal.cli.docs:docs",
            "Read the documents: guides, settings, server, portals.",
            (),
        ),
        "check": (
            "glokal.cli.check:check",
            "Are the sources whole, consistent and true to the text?",
            (),
        ),
        "validate": (
            "glokal.cli.check:validate",
            "SHACL on any RDF files, or on a SPARQL service.",
            (),
        ),
        "query": (
            "glokal.cli.query:query",
            "List the canned questions, or answer one.",
            (),
        ),
        "sparql": ("glokal.cli.sparql:sparql", "Answer any SPARQL 1.1 query.", ()),
        "build": (
            "glokal.cli.build:build",
            "Check everything, then write the publication.",
            ("site",),
        ),
        "serve": (
            "glokal.cli.serve:serve",
            "Serve the publication: pages, data, SPARQL, API.",
            ("serve",),
        ),
        "mcp": (
            "glokal.cli.mcp:mcp",
            "Let an assistant ask, by the Model Context Protocol.",
            ("mcp", "site"),
        ),
        "push": ("glokal.cli.push:push", "Load the graphs into a SPARQL service.", ()),
        "rehearse": (
            "glokal.cli.rehearse:rehearse",
            "Play the data portals' harvesters on the publication.",
            (),
        ),
        "edition": (
            "glokal.cli.edition:edition",
            "Record the graph as an edition, once published.",
            (),
        ),
        "diff": ("glokal.cli.edition:diff", "Say what has changed, in words.", ()),
        "sheet": (
            "glokal.cli.sheet:sheet",
            "The register as a workbook, and back.",
            ("workbook",),
        ),
        "reconcile": (
            "glokal.cli.reconcile:reconcile",
            "Names in a CSV file to identifiers.",
            (),
        ),
        "words": (
            "glokal.cli.words:words",
            "Texts of the pages in further languages, for translators.",
            (),
        ),
        "stale": (
            "glokal.cli.stale:stale",
            "List what nobody has checked for a while.",
            (),
        ),
        "remind": (
            "glokal.cli.remind:remind",
            "Write letters that ask the municipalities of what is stale.",
            ("workbook",),
        ),
        "anchor": (
            "glokal.cli.anchor:anchor",
            "Propose which passages say each statement.",
            (),
        ),
        "source": (
            "glokal.cli.source:source",
            "Import a document as passages, find words, move to a new text.",
            (),
        ),
        "draft": (
            "glokal.cli.draft:draft",
            "Draft what passages say; write what a person has confirmed.",
            ("workbook",),
        ),
        "fmt": (
            "glokal.cli.fmt:fmt",
            "Write Turtle in the one way of docs/style.md.",
            (),
        ),
        "lsp": (
            "glokal.cli.lsp:lsp",
            "Serve an editor: faults, meanings, terms.",
            ("lsp",),
        ),
    }

    # Those that read and write sources, and ask no engine.
    without_engines: ClassVar[frozenset[str]] = frozenset(
        {"docs", "fmt", "init", "source", "stale"}
    )

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the work."""
        return list(self.commands_in)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return a command, imported now."""
        if name not in self.commands_in:
            return None
        path, purpose, extras = self.commands_in[name]
        if missing := missing_of(extras):
            return _not_installed(name, purpose, missing)
        module, _, attribute = path.partition(":")
        imported = __import__(module, fromlist=[attribute])
        command = getattr(imported, attribute)
        assert isinstance(command, click.Command)
        command.short_help = purpose
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write what each command is for; none is imported for that."""
        lines = [(name, purpose) for name, (_, purpose, _) in self.commands_in.items()]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that is asked for.

        Of an option that is used wrongly click doesn't say whose it is.
        """
        try:
            return super().invoke(ctx)
        except click.BadOptionUsage as error:
            command = self.get_command(ctx, ctx.invoked_subcommand or "")
            if error.ctx is None and command is not None:
                error.ctx = click.Context(command, ctx, ctx.invoked_subcommand)
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; MachineError without memory for it.

        Its help needs none.
        """
        name, command, rest = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing and not {*ctx.help_option_names} & {*rest}:
            light = name in self.without_engines
            refuse_little_memory(SOURCE_MEGABYTES if light else ENGINE_MEGABYTES)
        return name, command, rest


def _not_installed(name: str, purpose: str, missing: tuple[str, ...]) -> click.Command:
    """Return what stands for a command whose extras are missing: it says so.

    It takes whatever the command takes, so that nobody is told of an option first.
    """
    what = f"glokal {name}"

    def tell(rest: tuple[str, ...]) -> None:
        need_extras(missing, what)

    return click.Command(
        name,
        callback=tell,
        params=[click.Argument(["rest"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        help=f"{purpose}\n\nIt is not installed. Do this: {install_command(missing)}",
        short_help=purpose,
        options_metavar="",
    )
