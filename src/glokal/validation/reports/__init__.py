"""Reports of findings, one module a format.

In comes the report of a run of checks; out comes a text for a person, a program or a
code host.
"""

from __future__ import annotations

from importlib import import_module

from glokal.validation.report import Report

FORMATS = ("text", "json", "sarif", "junit", "github", "gitlab", "html", "turtle")


def render(report: Report, fmt: str, lang: str) -> str:
    """Return a report in one of the formats, ending in a line break.

    Raises UsageError when the format has no room for what was checked.
    """
    # A format is imported when it is asked for, so that the command starts fast.
    module = import_module(f"glokal.validation.reports.{fmt}")
    return str(module.render(report, lang))
