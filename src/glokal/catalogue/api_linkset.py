"""The catalogue of APIs at `/.well-known/api-catalog` (RFC 9727), as a linkset.

A linkset in JSON (RFC 9264, section 4.2): each API by its address, with what describes
it to programs (`service-desc`) and to people (`service-doc`), by RFC 8631.
"""

from __future__ import annotations

import json
from typing import Any

from glokal.core.files.data_files import JSON, LINKSET, TURTLE
from glokal.core.namespaces import API_CATALOG_PROFILE

PATH = ".well-known/api-catalog"
# With the profile that the RFC wants the type to be sent with, where headers are ours.
CONTENT_TYPE = f'{LINKSET}; profile="{API_CATALOG_PROFILE}"'
_HTML = "text/html"


def api_linkset(
    address: str, endpoint: str, *, served: bool, with_mcp: bool = False
) -> bytes:
    """Return the linkset of a publication that is found at an address.

    `endpoint` is its SPARQL service; `served` whether `glokal serve` answers there with
    everything else it has, `with_mcp` with tools for assistants too.
    """
    found = address + PATH
    apis = [
        _api(
            endpoint,
            ("service-desc", endpoint, TURTLE),
            ("service-doc", f"{address}query/", _HTML),
            ("service-meta", f"{address}.well-known/void", TURTLE),
            ("service-meta", f"{address}.well-known/sparql-examples", TURTLE),
        )
    ]
    if served:
        apis += [
            _api(
                f"{address}api/queries",
                ("service-desc", f"{address}api/openapi.json", JSON),
                ("service-doc", f"{address}api/", _HTML),
                ("status", f"{address}readyz", "text/plain"),
            ),
            _api(
                f"{address}reconcile",
                ("service-desc", f"{address}reconcile", JSON),
                ("service-doc", f"{address}llms.txt", "text/plain"),
            ),
        ]
    if with_mcp:
        mcp = ("service-doc", f"{address}llms.txt", "text/plain")
        apis.append(_api(f"{address}mcp", mcp))
    items = [{"href": api["anchor"]} for api in apis]
    linkset = [{"anchor": found, "item": items}, *apis]
    return (json.dumps({"linkset": linkset}, indent=1) + "\n").encode()


def _api(anchor: str, *links: tuple[str, str, str]) -> dict[str, Any]:
    result: dict[str, Any] = {"anchor": anchor}
    for relation, href, media in links:
        result.setdefault(relation, []).append({"href": href, "type": media})
    return result
