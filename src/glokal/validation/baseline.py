"""Old findings that are put up with: new ones fail, fixed ones are to be struck out.

The file has a line for each finding: its identity, its step, then words for people. An
identity outlives moved lines; see `glokal.validation.fingerprint`.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from pathlib import Path

from glokal.core.errors import ConfigError, FindingsError, Place, UsageError
from glokal.core.files.atomic import write_file
from glokal.core.files.bounded_read import as_input, size_of
from glokal.validation.finding import Finding, Severity, make_finding
from glokal.validation.fingerprint import add_fingerprints
from glokal.validation.report import Report

STEP = "baseline"
# Raise it when the identity of a finding is made of something else.
HEADER = "# glokal baseline 1: old findings, which do not fail a check"
_LINE = re.compile(r"(?P<identity>[0-9a-f]{32}) (?P<step>[a-z]+)(?: .*)?")


def write_baseline(report: Report, path: Path) -> int:
    """Write the findings of a report as a baseline; return how many they are.

    Notes are left out, since they fail nothing. Raises FindingsError when a step could
    not be run, since its findings are not known, MachineError when the file can't be
    written.
    """
    if report.left_out or any(f.step == "syntax" for f in report.findings):
        raise FindingsError(
            "Not everything could be checked, so no baseline was written.",
            remedy="run the check without --write-baseline, and fix what it finds.",
        )
    lines = sorted(
        " ".join(part for part in (identity, f.step, *_words(f)) if part)
        for f, identity in _told(report.findings)
    )
    text = "\n".join([HEADER, *lines]) + "\n"
    write_file(path, text.encode(), remedy="name another file with --baseline.")
    return len(lines)


def apply_baseline(report: Report, path: Path) -> Report:
    """Return the report without the findings that the baseline has.

    A line whose finding is no more is a finding itself, a warning at that line; lines
    of steps that were not run are left alone. Raises UsageError when there is no such
    file, ConfigError for a line that is none.
    """
    listed = _read(path)
    entries = list(_told(report.findings))
    present = {identity for _, identity in entries}
    old = {id(f) for f, identity in entries if identity in listed}
    fixed = [
        make_finding(
            STEP, "fixed", severity=Severity.WARNING, place=Place(str(path), number)
        )
        for identity, (number, step) in listed.items()
        if identity not in present and step in report.steps
    ]
    remaining = [f for f in report.findings if id(f) not in old]
    return dataclasses.replace(
        report, findings=(*remaining, *fixed), baseline=str(path), known=len(old)
    )


def _told(findings: Iterable[Finding]) -> Iterable[tuple[Finding, str]]:
    counted = [f for f in findings if f.severity > Severity.INFO]
    return zip(counted, add_fingerprints(counted), strict=True)


def _words(f: Finding) -> tuple[str, ...]:
    written = (f.shown.rule, f.shown.focus, f.shown.path)
    return tuple(" ".join(name.written.split()) for name in written)


def _read(path: Path) -> dict[str, tuple[int, str]]:
    if path.exists():
        with as_input():
            size_of(path, str(path))
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(
            f"The baseline {path} can't be read: {error.strerror}.",
            remedy="make it with --write-baseline.",
        ) from error
    except UnicodeDecodeError as error:
        raise _wrong(path, 1, "The file is not UTF-8.") from error
    if not lines or lines[0].strip() != HEADER:
        raise _wrong(path, 1, f"The baseline does not begin with “{HEADER}”.")
    results = {}
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise _wrong(path, number, "The line has no identity and step.")
        results[match["identity"]] = number, match["step"]
    return results


def _wrong(path: Path, line: int, what: str) -> ConfigError:
    return ConfigError(
        what,
        remedy="strike the line out, or write the file again with --write-baseline.",
        place=Place(str(path), line),
    )
