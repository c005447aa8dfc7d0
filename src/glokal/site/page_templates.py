"""The templates of the pages, which come with Glokal; what data says is escaped."""

from __future__ import annotations

from functools import cache

import jinja2

from glokal.core.locales import grouped_number
from glokal.site.bibtex import bibtex_text
from glokal.site.page_words import counted


@cache
def page_templates() -> jinja2.Environment:
    """Return the templates, each compiled once in a process."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("glokal.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # They are the same while Glokal runs.
        auto_reload=False,
    )
    templates.filters["bibtex"] = bibtex_text
    templates.filters["counted"] = counted
    templates.filters["grouped"] = lambda text, locale: grouped_number(
        text, locale.replace("_", "-")
    )
    templates.filters["filled"] = lambda text, **values: text.format(**values)
    return templates
