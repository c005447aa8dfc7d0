"""The language server, by pygls' own client over standard input and output."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from glokal.rdf.turtle.formatter import format_turtle
from tests.conftest import ROOT, glokal

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Plan ;
  sh:property [ sh:path ex:start ; sh:datatype xsd:date ; sh:maxCount 1 ] ;
  sh:sparql [ sh:message "Slutter før den begynner."@nb ; sh:select
    "SELECT $this { $this <http://example.org/start> ?s ; <http://example.org/end> ?e FILTER (?e < ?s) }" ] .
"""  # noqa: E501
TERMS = """@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

ex:start a rdf:Property ;
  rdfs:label "begynner"@nb , "starts"@en ;
  skos:definition "Den første dagen i planen."@nb .
ex:end a rdf:Property ; rdfs:label "slutter"@nb .
ex:Plan a rdfs:Class ; rdfs:label "plan"@nb .
"""
PLAN = """@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:p a ex:Plan ; ex:q "😀" ; ex:start "2023-01-01"^^xsd:date ;
  ex:end "2024-01-01"^^xsd:date .
"""


class Editor:
    """A headless editor that has one file open."""

    def __init__(self, client: LanguageClient, path: Path) -> None:
        self.client, self.path, self.version = client, path, 0
        self.shown: dict[str, list[lsp.Diagnostic]] = {}
        self._news = asyncio.Event()

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: lsp.PublishDiagnosticsParams) -> None:
            self.shown[Path(params.uri).name] = list(params.diagnostics)
            if params.uri == self.uri:
                self._news.set()

    @property
    def uri(self) -> str:
        return self.path.as_uri()

    @property
    def document(self) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri)

    async def write(self, text: str) -> list[lsp.Diagnostic]:
        """Have the editor hold a text, and return what it then shows."""
        self._news.clear()
        self.version += 1
        if self.version == 1:
            item = lsp.TextDocumentItem(self.uri, "turtle", 1, text)
            self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        else:
            self.client.text_document_did_change(
                lsp.DidChangeTextDocumentParams(
                    lsp.VersionedTextDocumentIdentifier(self.version, self.uri),
                    [lsp.TextDocumentContentChangeWholeDocument(text)],
                )
            )
        await self._news.wait()
        return self.shown[self.path.name]


@asynccontextmanager
async def editor(folder: Path, name: str) -> AsyncIterator[Editor]:
    client = LanguageClient("test", "1")
    await client.start_io(sys.executable, "-m", "glokal", "lsp", "--lang", "nb")
    held = Editor(client, folder / name)
    try:
        await client.initialize_async(
            lsp.InitializeParams(lsp.ClientCapabilities(), root_uri=folder.as_uri())
        )
        client.initialized(lsp.InitializedParams())
        yield held
    finally:
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()


def session(
    folder: Path, name: str, steps: Callable[[Editor], Awaitable[None]]
) -> None:
    async def run() -> None:
        async with editor(folder, name) as held:
            await steps(held)

    asyncio.run(run())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes" / "s.ttl").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "terms.ttl").write_text(TERMS, encoding="utf-8")
    (tmp_path / "plan.ttl").write_text(PLAN, encoding="utf-8")
    return tmp_path


def texts(found: list[lsp.Diagnostic]) -> list[tuple[int, int, int, str]]:
    return [
        (d.range.start.line, d.range.start.character, d.range.end.character, d.message)
        for d in found
    ]


def test_faults_are_shown_while_one_writes(folder: Path) -> None:
    async def steps(held: Editor) -> None:
        assert await held.write(PLAN) == []
        # A fault of syntax: the comma is missing a value.
        (found,) = texts(await held.write(PLAN.replace("ex:Plan ;", "ex:Plan ; ;, ")))
        assert found[0] == 3
        wrong = PLAN.replace("2023-01-01", "2023-02-30")
        (found,) = texts(await held.write(wrong))
        # The emoji before it counts as two.
        start = wrong.splitlines()[3].index('"2023') + 1
        whole = len('"2023-02-30"^^xsd:date')
        assert found[:3] == (3, start, start + whole)
        assert "dato" in found[3]
        # What a query of the shapes finds.
        (found,) = texts(await held.write(PLAN.replace("2024", "2022")))
        assert found[3] == "Slutter før den begynner."
        assert await held.write(PLAN) == []

    session(folder, "plan.ttl", steps)


def test_meanings_places_words_fixes_and_format(folder: Path) -> None:
    async def steps(held: Editor) -> None:
        text = PLAN.replace("ex:start", "ex:strat")
        found = await held.write(text)
        line = text.splitlines()[3]
        (wrong,) = [d for d in found if d.code == "reference-is-known"]
        assert wrong.range.start.character == line.index("ex:strat") + 1
        actions = await held.client.text_document_code_action_async(
            lsp.CodeActionParams(
                held.document, wrong.range, lsp.CodeActionContext([wrong])
            )
        )
        (action,) = actions or []
        assert isinstance(action, lsp.CodeAction)
        assert action.title == "Skriv ex:start"
        assert action.edit and action.edit.changes
        (edit,) = action.edit.changes[held.uri]
        assert edit.new_text == "ex:start" and edit.range == wrong.range
        await held.write(PLAN)
        at = lsp.Position(3, line.index("ex:strat") + 4)
        hover = await held.client.text_document_hover_async(
            lsp.HoverParams(held.document, at)
        )
        assert hover is not None
        assert "begynner" in str(hover.contents)
        assert "Den første dagen i planen." in str(hover.contents)
        places = await held.client.text_document_definition_async(
            lsp.DefinitionParams(held.document, at)
        )
        assert isinstance(places, list)
        assert [(Path(p.uri).name, p.range.start.line) for p in places] == [
            ("terms.ttl", 5)
        ]
        items = await held.client.text_document_completion_async(
            lsp.CompletionParams(held.document, at)
        )
        assert isinstance(items, lsp.CompletionList)
        assert {i.label for i in items.items} == {
            "ex:start",
            "ex:end",
            "ex:Plan",
            "ex:S",
            "ex:p",
        }
        edits = await held.client.text_document_formatting_async(
            lsp.DocumentFormattingParams(held.document, lsp.FormattingOptions(2, True))
        )
        (whole,) = edits or []
        assert whole.new_text == format_turtle(PLAN, "plan.ttl")
        assert (whole.range.start.line, whole.range.end.line) == (0, 5)

    session(folder, "plan.ttl", steps)


def test_a_deletion_in_one_file_is_shown_in_another(folder: Path) -> None:
    shapes = folder / "shapes" / "s.ttl"
    shapes.write_text(
        SHAPES.replace(
            "sh:maxCount 1 ]", "sh:maxCount 1 ] , [ sh:path ex:of ; sh:class ex:Plan ]"
        ),
        encoding="utf-8",
    )
    (folder / "more.ttl").write_text(
        "@prefix ex: <http://example.org/> .\nex:q a ex:Plan ; ex:of ex:p .\n"
    )

    async def steps(held: Editor) -> None:
        assert await held.write(PLAN) == []
        await held.write(PLAN.replace("a ex:Plan ; ", ""))
        assert [d.range.start.line for d in held.shown["more.ttl"]] == [1]
        await held.write(PLAN)
        assert held.shown["more.ttl"] == []

    session(folder, "plan.ttl", steps)


def test_a_project_is_checked_by_its_own_shapes(region: Path, tmp_path: Path) -> None:
    folder = tmp_path / "region"
    shutil.copytree(region, folder)
    (path,) = sorted((folder / "data" / "strategy").glob("*.ttl"))[:1]
    text = path.read_text(encoding="utf-8")

    async def steps(held: Editor) -> None:
        assert [d for d in await held.write(text) if d.severity == 1] == []

    session(folder, str(path.relative_to(folder)), steps)


def test_the_recorded_session_is_what_the_server_says() -> None:
    from tests.editing_session import record

    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- session -->\n\n```text\n")[2].partition("\n```\n")[0]
    assert record() == shown


def test_the_guide_configures_the_command_that_there_is() -> None:
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    assert text.count('"lsp", "--lang", "nb"') == 3
    run = glokal("lsp", "--help", cwd=ROOT)
    assert run.returncode == 0 and "--lang" in run.stdout
