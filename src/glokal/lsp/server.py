"""The language server over standard input and output, on pygls."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from glokal import __version__
from glokal.core.errors import SourceError
from glokal.core.namespaces import STANDARD_PREFIXES
from glokal.lsp.checking import Checker, ShownFault, say
from glokal.lsp.turtle_text import LineSpan, TurtleText
from glokal.rdf.turtle.formatter import format_turtle
from glokal.validation.finding import Severity

# While somebody types nothing is asked; a pause of so long is one.
PAUSE_SECONDS = 0.1
_MOST_ITEMS = 200
_LEVELS = {
    Severity.VIOLATION: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}


class TurtleServer(LanguageServer):
    """A server for one folder, which the editor names or the command stands in."""

    def __init__(self, lang: str, shapes: Path | None) -> None:
        super().__init__("glokal", __version__)
        self.lang, self._shapes = lang, shapes
        self._checker: Checker | None = None
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._shown: set[Path] = set()

    @property
    def checker(self) -> Checker:
        """The files of the folder, read when first asked for."""
        if self._checker is None:
            root = self.workspace.root_path
            folder = Path(root) if root else Path.cwd()
            self._checker = Checker(folder, self.lang, self._shapes)
        return self._checker

    def close(self) -> None:
        """Remove what was kept for the session."""
        if self._checker is not None:
            self._checker.close()

    async def check_soon(self, uri: str) -> None:
        """Check a document when nobody has typed for a moment."""
        if uri in self._waiting:
            self._waiting.pop(uri).cancel()

        async def later() -> None:
            await asyncio.sleep(PAUSE_SECONDS)
            self._waiting.pop(uri, None)
            self.check(uri)

        self._waiting[uri] = asyncio.ensure_future(later())

    def check(self, uri: str) -> None:
        """Check a document, and show the faults of all files that have or had some."""
        path = _path(uri)
        document = self.workspace.get_text_document(uri)
        faults = self.checker.check(path, document.source)
        here = path.resolve()
        if list(faults) == [here] and [f.rule for f in faults[here]] == ["syntax"]:
            # The others are as they were.
            self._publish(here, faults[here])
            return
        for other in [*({*faults, *self._shown} - {here}), here]:
            self._publish(other, faults.get(other, []))
        self._shown = {other for other, found in faults.items() if found}

    def text_of(self, uri: str) -> tuple[TextDocument, TurtleText]:
        """Return a document as the editor has it, with its tokens."""
        document = self.workspace.get_text_document(uri)
        return document, TurtleText(document.source)

    def _publish(self, path: Path, faults: list[ShownFault]) -> None:
        uri = uris.from_fs_path(str(path)) or path.as_uri()
        document = self.workspace.get_text_document(uri)
        self.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(
                uri=uri,
                diagnostics=[_diagnostic(document, fault) for fault in faults],
            )
        )


def make_language_server(lang: str, shapes: Path | None = None) -> TurtleServer:
    """Return a server with all that it can do."""
    server = TurtleServer(lang, shapes)

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(ls: TurtleServer, params: lsp.DidOpenTextDocumentParams) -> None:
        await ls.check_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(
        ls: TurtleServer, params: lsp.DidChangeTextDocumentParams
    ) -> None:
        await ls.check_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(ls: TurtleServer, params: lsp.DidSaveTextDocumentParams) -> None:
        ls.checker.check_all()
        await ls.check_soon(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(ls: TurtleServer, params: lsp.HoverParams) -> lsp.Hover | None:
        return _hover(ls, params)

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(
        ls: TurtleServer, params: lsp.DefinitionParams
    ) -> list[lsp.Location]:
        return list(_definitions(ls, params))

    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[":"])
    )
    def completion(
        ls: TurtleServer, params: lsp.CompletionParams
    ) -> lsp.CompletionList:
        return _completion(ls, params)

    @server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION,
        lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]),
    )
    def fixes(ls: TurtleServer, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return list(_fixes(ls, params))

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatting(
        ls: TurtleServer, params: lsp.DocumentFormattingParams
    ) -> list[lsp.TextEdit]:
        return _formatted(ls, params.text_document.uri)

    return server


def _hover(ls: TurtleServer, params: lsp.HoverParams) -> lsp.Hover | None:
    document, text = ls.text_of(params.text_document.uri)
    named = text.iri_at(*_place(document, params.position))
    if named is None:
        return None
    own = ls.checker.graph.described(named.iri)
    if own is None:
        return None
    parts = [f"**{own.label(ls.lang)}**" if own.label(ls.lang) else "", named.iri]
    parts.append(own.definition(ls.lang))
    if example := own.example(ls.lang):
        parts.append(f"{say('example', ls.lang)} {example}")
    content = lsp.MarkupContent(
        lsp.MarkupKind.Markdown, "\n\n".join(part for part in parts if part)
    )
    return lsp.Hover(content, _range(document, named.span))


def _definitions(
    ls: TurtleServer, params: lsp.DefinitionParams
) -> Iterator[lsp.Location]:
    document, text = ls.text_of(params.text_document.uri)
    named = text.iri_at(*_place(document, params.position))
    if named is None:
        return
    for path, place in ls.checker.graph.places(named.iri):
        uri = uris.from_fs_path(str(path)) or path.as_uri()
        other = ls.workspace.get_text_document(uri)
        span = TurtleText(other.source).span_at(place.line or 1, place.column or 1)
        yield lsp.Location(uri, _range(other, span))


def _completion(ls: TurtleServer, params: lsp.CompletionParams) -> lsp.CompletionList:
    document, text = ls.text_of(params.text_document.uri)
    line, column = _place(document, params.position)
    partial = text.partial_at(line, column)
    graph = ls.checker.graph
    known = {**STANDARD_PREFIXES, **graph.prefixes, **text.prefixes}
    span = _range(document, LineSpan(line, column - len(partial), column))
    prefix, colon, local = partial.partition(":")
    if not colon:
        names = sorted({*graph.prefixes, *text.prefixes})
        items = [
            lsp.CompletionItem(f"{p}:", kind=lsp.CompletionItemKind.Module)
            for p in names
            if p.startswith(prefix) and p
        ]
        return lsp.CompletionList(is_incomplete=False, items=items)
    namespace = known.get(prefix, "")
    iris = graph.names_in(namespace) if namespace else []
    wanted = local.casefold()
    items = []
    for iri in iris:
        name = iri[len(namespace) :]
        own = graph.described(iri)
        label = own.label(ls.lang) if own else ""
        if wanted not in name.casefold() and wanted not in label.casefold():
            continue
        assert own is not None
        kind = lsp.CompletionItemKind.Value
        if own.is_class:
            kind = lsp.CompletionItemKind.Class
        elif own.is_property:
            kind = lsp.CompletionItemKind.Property
        items.append(
            lsp.CompletionItem(
                f"{prefix}:{name}",
                kind=kind,
                detail=label or None,
                documentation=own.definition(ls.lang) or None,
                filter_text=f"{prefix}:{name} {label}",
                text_edit=lsp.TextEdit(span, f"{prefix}:{name}"),
            )
        )
    return lsp.CompletionList(
        is_incomplete=len(items) > _MOST_ITEMS, items=items[:_MOST_ITEMS]
    )


def _fixes(ls: TurtleServer, params: lsp.CodeActionParams) -> Iterator[lsp.CodeAction]:
    uri = params.text_document.uri
    for found in params.context.diagnostics:
        data = found.data if isinstance(found.data, dict) else {}
        for near in data.get("near", ()):
            edit = lsp.TextEdit(found.range, str(near))
            yield lsp.CodeAction(
                say("fix", ls.lang, near=str(near)),
                kind=lsp.CodeActionKind.QuickFix,
                diagnostics=[found],
                edit=lsp.WorkspaceEdit(changes={uri: [edit]}),
            )


def _formatted(ls: TurtleServer, uri: str) -> list[lsp.TextEdit]:
    document = ls.workspace.get_text_document(uri)
    try:
        text = format_turtle(document.source, _path(uri).name)
    except SourceError:
        # What is wrong is shown already.
        return []
    if text == document.source:
        return []
    last = document.lines[-1] if document.lines else ""
    end = lsp.Position(len(document.lines), 0)
    if not last.endswith(("\n", "\r")):
        units = document.position_codec.client_num_units(last)
        end = lsp.Position(max(len(document.lines) - 1, 0), units)
    return [lsp.TextEdit(lsp.Range(lsp.Position(0, 0), end), text)]


def _diagnostic(document: TextDocument, fault: ShownFault) -> lsp.Diagnostic:
    return lsp.Diagnostic(
        _range(document, fault.span),
        fault.message,
        severity=_LEVELS[fault.severity],
        code=fault.rule,
        source="glokal",
        data={"near": list(fault.near)} if fault.near else None,
    )


def _range(document: TextDocument, span: LineSpan) -> lsp.Range:
    """Return a span in the units in which the client counts."""
    lines = document.lines or [""]
    return document.position_codec.range_to_client_units(
        lines,
        lsp.Range(
            lsp.Position(span.line - 1, span.start - 1),
            lsp.Position(span.line - 1, span.end - 1),
        ),
    )


def _place(document: TextDocument, position: lsp.Position) -> tuple[int, int]:
    """Return the line and column, from 1 and in characters, of a client's position."""
    own = document.position_codec.position_from_client_units(document.lines, position)
    return own.line + 1, own.character + 1


def _path(uri: str) -> Path:
    return Path(uris.to_fs_path(uri) or uri)
