"""llms.txt: an overview in Markdown for programs that read on behalf of somebody.

One for each language, at its root; the form is that of https://llmstxt.org/. Links
lead to the Markdown twins of the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import jinja2

from glokal.core.files.data_files import write_data_file
from glokal.dataset.workspace import Workspace
from glokal.site.graph_view import GraphView
from glokal.site.page_paths import twin_path
from glokal.site.pages.answers import asked_of
from glokal.site.renderer import PageRenderer

NAME = "llms.txt"
# The classes whose things an overview lists by name.
_LISTED = ("Municipality", "Programme", "CollaboratorGroup", "Organisation")
_Link = tuple[str, str, str]


def write_guides(pages: PageRenderer, workspace: Workspace, view: GraphView) -> None:
    """Write the overview in each language."""
    templates = _templates()
    project = pages.project
    for lang in project.languages:
        words, home = pages.words[lang], pages.home(lang)
        text = templates.get_template(NAME).render(
            title=project.title[lang],
            summary=project.description[lang],
            words=words["guide"],
            unofficial=words["unofficial"] if project.unofficial else "",
            address=project.address,
            sections=list(_sections(pages, workspace, view, lang)),
        )
        write_data_file(pages.root, f"{home}{NAME}", text.encode(), "text/plain")


def _sections(
    pages: PageRenderer, workspace: Workspace, view: GraphView, lang: str
) -> Iterator[tuple[str, Sequence[_Link]]]:
    project, words, home = pages.project, pages.words[lang], pages.home(lang)
    guide, paths = words["guide"], words["paths"]

    def twin(page: str) -> str:
        return twin_path(home + page)

    yield (
        guide["text"],
        [(words[n], twin(paths[n]), "") for n in ("strategy", "open", "all")],
    )
    yield (
        guide["questions"],
        [
            (q.summary[lang], twin(f"query/{q.slug}/"), "")
            for q in asked_of(workspace.queries)
        ],
    )
    listed = dict.fromkeys(
        v for kind in _LISTED for v in view.linked(view.instances(kind), lang)
    )
    yield guide["things"], [(v.text, twin(v.href), "") for v in listed if v.href]
    data = [
        (words["dump"], "dump.md" if not home else twin("dump/"), guide["dump"]),
        ("glokal.nq", "dump/glokal.nq", guide["quads"]),
        ("catalog.ttl", "catalog.ttl", guide["catalogue"]),
        ("void.ttl", "void.ttl", guide["void"]),
        ("sparql-examples.ttl", "sparql-examples.ttl", guide["examples"]),
    ]
    if project.endpoint:
        data.append(("SPARQL", project.endpoint, guide["endpoint"]))
    yield guide["data"], data
    others = [
        (pages.words[o]["language_name"], f"{pages.home(o)}{NAME}", "")
        for o in project.languages
        if o != lang
    ]
    if others:
        yield guide["optional"], [(n, p, guide["other"]) for n, p, _ in others]


def _templates() -> jinja2.Environment:
    # Nothing here is HTML; what data say is escaped for Markdown by `escape_signs`.
    result = jinja2.Environment(  # noqa: S701
        loader=jinja2.PackageLoader("glokal.site"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    result.filters["plain"] = escape_signs
    return result


def escape_signs(text: str) -> str:
    """Return a text with Markdown's signs escaped (CommonMark, section 2.4)."""
    one_line = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>&" else sign for sign in one_line)
