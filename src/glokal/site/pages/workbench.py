"""The SPARQL workbench: a page to ask on, and what its script needs to know.

The editor and the engine come from npm at set-up (`web/`). Where Glokal was put
together without them, the page has a plain text field, and a service has to answer.
"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from glokal.catalogue.void import void
from glokal.core.files.data_files import media_type, write_data_file
from glokal.core.namespaces import CODE, STANDARD_PREFIXES, VOID
from glokal.dataset.dumps import Dumps
from glokal.dataset.views import VIEWS, view_iri
from glokal.dataset.workspace import Workspace
from glokal.rdf.source_files import APART
from glokal.rdf.terms import text_of
from glokal.site.renderer import PageRenderer

PARTS = "web"
EDITOR, ENGINE = "yasqe.js", "oxigraph.wasm"
# Where the script learns who answers; the live server has one of its own.
SERVICE = "service.json"


def write_workbench(pages: PageRenderer, workspace: Workspace, dumps: Dumps) -> None:
    """Write the workbench in each language; it completes from the VoID description."""
    project, root = pages.project, pages.root
    brought = _write_parts(root)
    service = {"endpoint": project.endpoint}
    write_data_file(root, SERVICE, _json(service), "application/json")
    described = void(workspace, workspace.asserted(), dumps)
    used = [(t.predicate.value, text_of(t.object)) for t in described]
    for lang in project.languages:
        words = pages.words[lang]
        fields = {
            "engine": ENGINE in brought,
            "apart": [project.graphs + kind for kind in APART],
            "reported": workspace.reported is not None,
            "views": {view: view_iri(project.graphs, view) for view in VIEWS},
            "pages": {
                project.things: "doc/",
                CODE: "code/",
                f"{project.base}code/": "code/",
            },
            "prefixes": STANDARD_PREFIXES,
            "classes": sorted(iri for prop, iri in used if prop == VOID + "class"),
            "properties": sorted(iri for p, iri in used if p == VOID + "property"),
            "examples": [
                {"slug": q.slug, "title": q.summary[lang]}
                for q in workspace.queries
                if not q.service
            ],
            "words": words["workbench_words"],
        }
        folder = pages.home(lang) + words["paths"]["workbench"]
        write_data_file(
            root, f"{folder}workbench.json", _json(fields), "application/json"
        )
        pages.render(
            "workbench.html",
            lang,
            pages.named("workbench"),
            words["workbench"],
            **blank_workbench(
                pages,
                lang,
                editor=EDITOR in brought,
                has_views=workspace.reported is not None,
            ),
        )


def blank_workbench(
    pages: PageRenderer, lang: str, *, editor: bool, has_views: bool
) -> dict[str, Any]:
    """Return the values of the workbench before anything has been asked.

    `has_views` is whether anything was reported, so that there is a view to choose.
    """
    endpoint = urlsplit(pages.project.endpoint)
    return {
        "searchable": False,
        "crumbs": [(pages.words[lang]["workbench"], "")],
        "elsewhere": f"{endpoint.scheme}://{endpoint.netloc}"
        if endpoint.netloc
        else "",
        "editor": editor,
        "has_views": has_views,
        "is_reported": False,
        "said": pages.words[lang]["workbench_words"],
        "asked": "SELECT ?s ?p ?o\nWHERE { ?s ?p ?o }\nLIMIT 10\n",
        "told": "",
        "answer": None,
        "graph": "",
    }


def _write_parts(root: Path) -> set[str]:
    folder = resources.files("glokal.site").joinpath(PARTS)
    if not folder.is_dir():
        return set()
    files = sorted(folder.iterdir(), key=lambda f: f.name)
    for file in files:
        write_data_file(
            root, f"{PARTS}/{file.name}", file.read_bytes(), media_type(file.name)
        )
    return {file.name for file in files}


def _json(values: object) -> bytes:
    text = json.dumps(values, ensure_ascii=False, indent=0, sort_keys=True)
    return (text + "\n").encode()
