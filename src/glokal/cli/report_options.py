"""What becomes of the findings: which count, how they are written, when they fail."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from glokal.cli.context import output_option, write_out
from glokal.cli.language import lang_option
from glokal.core.errors import UsageError
from glokal.core.languages import PAGE_LANGUAGES
from glokal.validation import reports
from glokal.validation.baseline import apply_baseline, write_baseline
from glokal.validation.changed_since import only_changed
from glokal.validation.finding import Finding, Severity, sort_findings
from glokal.validation.report import Report
from glokal.validation.reports.grouped import report_words

_OPTIONS = (
    click.option(
        "--format",
        "fmt",
        type=click.Choice(reports.FORMATS),
        default="text",
        show_default=True,
        help="How findings are written.",
    ),
    lang_option(among=PAGE_LANGUAGES),
    click.option(
        "--fail-on",
        type=click.Choice(["violation", "warning"]),
        default="warning",
        show_default=True,
        help="Exit 1 for findings as grave as this, or graver.",
    ),
    click.option(
        "--baseline",
        type=click.Path(path_type=Path, dir_okay=False),
        help="A file of old findings: only new ones count.",
    ),
    click.option(
        "--write-baseline",
        is_flag=True,
        help="Write what is found now to the file that --baseline names.",
    ),
    click.option(
        "--changed-since",
        metavar="REV",
        help="Only what is on blocks that changed since this revision in Git.",
    ),
    click.option(
        "--report",
        "more",
        multiple=True,
        metavar="FORMAT=FILE",
        help="Write the same findings in this format, too; may be repeated.",
    ),
    output_option,
)


@dataclass(frozen=True)
class ReportOptions:
    """What was asked for on the command line."""

    fmt: str
    lang: str
    fail_on: str
    baseline: Path | None
    write_baseline: bool
    changed_since: str | None
    more: tuple[str, ...]
    output: Path | None

    def finish(self, report: Report, folder: Path) -> None:
        """Write the report, or the baseline; leave with exit code 1 if it fails.

        `folder` is in the working tree that --changed-since looks at.
        """
        if self.write_baseline:
            assert self.baseline is not None
            number = write_baseline(report, self.baseline)
            words = report_words(self.lang)["wrote"]
            click.echo(words.format(n=number, file=self.baseline), err=True)
            return
        if self.baseline is not None:
            report = apply_baseline(report, self.baseline)
        if self.changed_since is not None:
            report = only_changed(report, self.changed_since, folder)
        report = dataclasses.replace(
            report,
            findings=tuple(
                sort_findings(_from_here(f, folder) for f in report.findings)
            ),
            fails_on=Severity[self.fail_on.upper()],
        )
        for fmt, file in map(_named_report, self.more):
            write_out(reports.render(report, fmt, self.lang), file)
        write_out(reports.render(report, self.fmt, self.lang), self.output)
        if not report.clean:
            raise SystemExit(1)


def _named_report(text: str) -> tuple[str, Path]:
    """Return the format and the file of --report; UsageError for another text."""
    fmt, sign, file = text.partition("=")
    if not sign or not file or fmt not in reports.FORMATS:
        raise UsageError(
            f"--report {text} names no format and file.",
            remedy=f"write FORMAT=FILE; formats are {', '.join(reports.FORMATS)}.",
        )
    return fmt, Path(file)


def _from_here(finding: Finding, folder: Path) -> Finding:
    """Name a file of a project as one who stands elsewhere would."""
    place = finding.place
    if place is None or not (folder / place.file).is_file():
        return finding
    file = Path(os.path.relpath(folder / place.file)).as_posix()
    return dataclasses.replace(finding, place=dataclasses.replace(place, file=file))


def report_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of the outcome, as one argument `outcome`."""
    names = [field.name for field in dataclasses.fields(ReportOptions)]

    @wraps(command)
    def run(*args: Any, **given: Any) -> None:
        outcome = ReportOptions(**{name: given.pop(name) for name in names})
        if outcome.write_baseline and outcome.baseline is None:
            raise UsageError(
                "--write-baseline does not say which file to write.",
                remedy="name it with --baseline.",
            )
        for text in outcome.more:
            _named_report(text)
        command(*args, outcome=outcome, **given)

    for option in reversed(_OPTIONS):
        run = option(run)
    return run
