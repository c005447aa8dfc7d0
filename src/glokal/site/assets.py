"""Files that every page uses: the stylesheet, the icon, the scripts."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from glokal.core.files.data_files import media_type, write_data_file


def write_assets(root: Path) -> None:
    """Write the files that come with Glokal into a publication."""
    folder = resources.files("glokal.site").joinpath("static")
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        write_data_file(root, file.name, file.read_bytes(), media_type(file.name))
