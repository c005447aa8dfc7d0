"""Refuse to make a wheel without the workbench's editor and engine.

They come from npm at set-up and lie in `src/glokal/site/web/`, not in Git. What is
handed on must have them: an sdist, a wheel made of one, what `make wheel` makes. An
installation straight from a checkout (the action, a hook of pre-commit, `pip install
.`) is made by the same call and wants the core alone; it may lack them, and says so.

The addresses of the package are those of the repository that it is released from:
GLOKAL_REPOSITORY names it. Until there is one, the package names none.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PARTS = ("oxigraph.js", "oxigraph.wasm", "yasqe.css", "yasqe.js")


class WebParts(BuildHookInterface):  # type: ignore[type-arg, misc]
    """The check, for each wheel and sdist."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise when a part is missing; an editable installation comes first."""
        root = Path(self.root)
        web = root / "src" / "glokal" / "site" / "web"
        missing = [name for name in PARTS if not (web / name).is_file()]
        if version == "editable" or not missing:
            return
        told = f"{web} has no {', '.join(missing)}: the workbench would be missing."
        handed_on = self.target_name == "sdist" or (root / "PKG-INFO").exists()
        if handed_on or os.environ.get("GLOKAL_RELEASE"):
            raise RuntimeError(f"{told} Do this: make wheel.")
        self.app.display_warning(f"{told} This is an installation of the core.")


class Addresses(MetadataHookInterface):  # type: ignore[misc]
    """The addresses of the package, in the names that package indexes know."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Add them where the repository is named."""
        repository = os.environ.get("GLOKAL_REPOSITORY", "").rstrip("/")
        if repository:
            metadata["urls"] = {
                "Source": repository,
                "Documentation": f"{repository}/tree/v{metadata['version']}/docs",
                "Changelog": f"{repository}/blob/v{metadata['version']}/CHANGELOG.md",
                "Issues": f"{repository}/issues",
            }
        else:
            metadata["urls"] = {}
