"""Draw the packages by their imports into docs/architecture.md.

`python -m tests.package_map` rewrites what stands between the marks of the document.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "glokal"
DOCUMENT = ROOT / "docs" / "architecture.md"
START, END = "<!-- map -->\n", "<!-- /map -->\n"


def layers() -> list[list[str]]:
    """Return the packages from top to bottom, those of a line beside each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    lines = [
        [name.strip(" ()") for name in line.split("|")] for line in contract["layers"]
    ]
    kept = [[name for name in line if (SOURCE / name).is_dir()] for line in lines]
    return [line for line in kept if line]


def imports() -> set[tuple[str, str]]:
    """Return which package imports which."""
    return {
        (importer, imported)
        for path in sorted(SOURCE.glob("*/**/*.py"))
        for imported in _imported(path)
        if (importer := path.relative_to(SOURCE).parts[0]) != imported
    }


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            root, _, rest = name.partition(".")
            package = rest.partition(".")[0]
            if root == "glokal" and (SOURCE / package / "__init__.py").is_file():
                yield package


def drawing() -> str:
    """Return the packages as a flowchart in Mermaid, without arrows that follow."""
    lines = layers()
    rank = {name: n for n, line in enumerate(lines) for name in line}
    arrows = imports()
    down = {(a, b) for a, b in arrows if rank[a] < rank[b]}
    below: dict[str, set[str]] = {}
    for line in reversed(lines):
        for name in line:
            direct = {b for a, b in down if a == name}
            below[name] = direct.union(*(below[b] for b in direct))
    text = ["```mermaid", "flowchart TD"]
    for line in lines:
        text += [f"  {name}" for name in line]
    for a, b in sorted(arrows, key=lambda arrow: (rank[arrow[0]], arrow)):
        if (a, b) not in down:
            text.append(f"  {a} -.-> {b}")
        elif not any(b in below[c] for x, c in down if x == a):
            text.append(f"  {a} --> {b}")
    return "\n".join([*text, "```", ""])


def table() -> str:
    """Return each package with the beginning of its docstring."""
    rows = ["| package | holds |", "|---|---|"]
    for line in layers():
        for name in line:
            for path in sorted((SOURCE / name).rglob("__init__.py")):
                rows.append(_row(path))
    return "\n".join([*rows, ""])


def _row(path: Path) -> str:
    name = ".".join(path.parent.relative_to(SOURCE).parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    paragraphs = (ast.get_docstring(tree) or "").split("\n\n")
    about = (
        " ".join(" ".join(paragraphs[:2]).split()) if "." not in name else paragraphs[0]
    )
    return f"| `{name}` | {' '.join(about.split())} |"


def document() -> str:
    """Return the document with the drawing and the table as they are now."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    return f"{before}{START}\n{drawing()}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
