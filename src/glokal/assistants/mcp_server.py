"""The Model Context Protocol: tools described and called, by the official SDK.

Revisions up to 2026-07-28 (https://modelcontextprotocol.io/specification/2026-07-28).
The only module that knows the SDK, which is installed by the extra `mcp`. Wrong
arguments are an error of the tool, which an assistant can mend (section Tools, Error
Handling); an unknown tool is an error of the protocol.
"""

from __future__ import annotations

import difflib
from collections.abc import Awaitable, Callable
from typing import Any

import mcp_types as types
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError

from glokal import __version__
from glokal.assistants.backend import Backend
from glokal.assistants.publication_index import Library, readable
from glokal.assistants.tool_calls import Desk
from glokal.assistants.tools import Tool, all_tools, tool_words
from glokal.core.errors import GlokalError, UsageError
from glokal.dataset.canned_queries import suggest

# Who the client is, "" for the one at the other end of stdin; and what answers it.
Open = Callable[[str], Awaitable[tuple[Library, Backend]]]
# What a call may have: the largest is a query.
MOST_BYTES = 1 << 20
_LONGEST_VALUE = 100


def make_mcp_server(open_for: Open) -> Server[Any]:
    """Return the server; `open_for` gives what is published now to a client.

    What `open_for` raises of GlokalError is told to the client.
    """

    async def list_tools(context: Any, _params: Any) -> types.ListToolsResult:
        library, _ = await open_for(_client(context))
        return types.ListToolsResult(tools=[_described(t) for t in all_tools(library)])

    async def call_tool(
        context: Any, params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            library, backend = await open_for(_client(context))
            tools = {tool.name: tool for tool in all_tools(library)}
            if params.name not in tools:
                name = params.name[:_LONGEST_VALUE]
                near = difflib.get_close_matches(name, tools) or ["one of tools/list"]
                what = f"Unknown tool {name!r}. Do this: try {', '.join(near)}."
                raise MCPError(types.INVALID_PARAMS, what)
            given = params.arguments or {}
            _check(tools[params.name], given)
            result = await Desk(library, backend).call(params.name, given)
        except GlokalError as error:
            return types.CallToolResult(content=[_text(str(error))], is_error=True)
        return types.CallToolResult(
            content=[_text(readable(result))], structured_content=result
        )

    return Server(
        "glokal",
        version=__version__,
        title="Glokal",
        instructions=tool_words()["instructions"].strip(),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Answer on standard input and output until the input ends."""
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def http_manager(
    server: Server[Any], hosts: list[str], origins: list[str]
) -> StreamableHTTPSessionManager:
    """Return what answers `/mcp`: no sessions, these hosts and origins only."""
    return StreamableHTTPSessionManager(
        server,
        json_response=True,
        stateless=True,
        security_settings=TransportSecuritySettings(
            allowed_hosts=hosts, allowed_origins=origins
        ),
        max_request_body_size=MOST_BYTES,
    )


def _client(context: Any) -> str:
    client = getattr(context.request, "client", None)
    return client.host if client else ""


def _described(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.takes,
        output_schema=tool.gives,
        annotations=types.ToolAnnotations(
            read_only_hint=True, idempotent_hint=True, open_world_hint=False
        ),
    )


def _check(tool: Tool, given: dict[str, Any]) -> None:
    """Raise UsageError for arguments that don't fit, with what would."""
    unknown = sorted(set(given) - set(tool.takes["properties"]))
    if unknown:
        known = tool.takes["properties"]
        raise UsageError(
            f"{tool.name} takes no {unknown[0][:_LONGEST_VALUE]!r}.",
            remedy=suggest(unknown[0], known) if known else "leave it out.",
        )
    error = best_match(Draft202012Validator(tool.takes).iter_errors(given))
    if error is None:
        return
    name = ".".join(map(str, error.absolute_path)) or tool.name
    if error.validator == "enum":
        raise UsageError(
            f"{name} is {str(error.instance)[:_LONGEST_VALUE]!r}.",
            remedy=suggest(str(error.instance), error.validator_value),
        )
    if error.validator == "required":
        missing = [n for n in error.validator_value if n not in given]
        raise UsageError(f"{tool.name} needs {missing[0]}.", remedy="give it.")
    raise UsageError(
        f"{name} is {str(error.instance)[:_LONGEST_VALUE]!r}.",
        remedy=f"its {error.validator} is {error.validator_value}.",
    )


def _text(text: str) -> types.TextContent:
    return types.TextContent(type="text", text=text)
