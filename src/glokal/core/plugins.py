"""Plugins: what other installed packages add, by entry points (docs/api.md).

Only installed packages are asked, never a project's folder: its data may be a
stranger's, and no code comes with data (SECURITY.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from glokal.core.errors import ToolError

# A function (columns, rows) -> str or bytes; the entry point's name is the format's.
ANSWER_FORMATS = "glokal.answer_formats"
# A function () -> PortalRules.
PORTAL_RULES = "glokal.portal_rules"
# A function () -> Path of a country's list (docs/countries.md); the country's code of
# three letters is the entry point's name.
COUNTRIES = "glokal.countries"


@dataclass(frozen=True)
class PortalRules:
    """A portal's rule set: SHACL shapes that `glokal rehearse` holds catalogues to.

    `sources` are the catalogues that they judge: `dataset`, `dataservice`, `concept`,
    `informationmodel`. A result of the severity `refuses` or worse (`info`, `warning`,
    `violation`) counts against the publication. With `cut` the shapes look at each
    dataset cut out, as portals do that store it so.
    """

    name: str
    shapes: tuple[Path, ...]
    sources: tuple[str, ...] = ("dataset",)
    refuses: str = "violation"
    cut: bool = False


@cache
def plugins(group: str) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group by name; ToolError when two have one name."""
    found: dict[str, EntryPoint] = {}
    for each in entry_points(group=group):
        if each.name in found:
            raise ToolError(
                f"Two installed packages bring a plugin {each.name} of {group}: "
                f"{_package(found[each.name])} and {_package(each)}.",
                remedy="uninstall one of them.",
            )
        found[each.name] = each
    return found


def call_plugin(group: str, name: str, *args: Any) -> Any:
    """Call a plugin and return what it gives; ToolError, with its package, if it fails.

    A plugin is a stranger's code: whatever it raises is its own failure, and told so.
    """
    entry = plugins(group)[name]
    try:
        function: Callable[..., Any] = entry.load()
        return function(*args)
    except Exception as error:
        raise ToolError(
            f"The plugin {name} of {_package(entry)} failed: "
            f"{type(error).__name__}: {error}.",
            remedy="tell those who keep that package, or uninstall it.",
        ) from error


def _package(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value
