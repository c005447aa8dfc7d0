"""The report as one page of HTML that needs nothing else: no script, no other file."""

from __future__ import annotations

from functools import cache

import jinja2

from glokal import __version__
from glokal.core.characters import visible
from glokal.validation.report import Report
from glokal.validation.reports.grouped import (
    group_findings,
    report_words,
    say_left_out,
    say_numbers,
    say_scope,
)
from glokal.validation.reports.text import value_of

# More places than this of one fault help nobody on a page.
SHOWN = 50


def render(report: Report, lang: str) -> str:
    """Return the report as a page: by file, the worst first, each fault once."""
    files = group_findings(report.findings, lang)
    page = _template().render(
        files=files,
        lang=lang,
        left_out=say_left_out(report, lang),
        scope=say_scope(report, lang),
        numbers=say_numbers,
        report=report,
        shown=SHOWN,
        value_of=value_of,
        version=__version__,
        words=report_words(lang),
    )
    return visible(page)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("glokal.validation.reports", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template("page.html")
