"""Which documents there are, in which order readers find them, and their languages."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DECISIONS = Path("docs/decisions")
# By what a reader is about to do. A test sees that no document is forgotten.
GROUPS = {
    "Begin": (
        "README.md",
        "docs/installation.md",
        "docs/guide-new-region.md",
        "docs/guide-ny-region.md",
        "docs/configuration.md",
    ),
    "Data": (
        "docs/documents.md",
        "docs/guide-municipality.md",
        "docs/guide-editor.md",
        "docs/countries.md",
        "docs/languages.md",
        "docs/regions.md",
        "docs/vocabulary.md",
    ),
    "Check": ("docs/checking.md", "docs/ci.md", "docs/editors.md"),
    "Ask": (
        "docs/questions.md",
        "docs/statements-read.md",
        "docs/api.md",
        "docs/assistants.md",
    ),
    "Publish": (
        "docs/pages.md",
        "docs/words.md",
        "docs/hosting.md",
        "docs/portals.md",
        "docs/server.md",
        "docs/scale.md",
        "docs/reliability.md",
        "docs/benchmarks.md",
        "SECURITY.md",
    ),
    "Work on Glokal": (
        "CONTRIBUTING.md",
        "docs/architecture.md",
        "docs/style.md",
        "CHANGELOG.md",
    ),
}
# Written for Norwegian readers; the others are in English.
IN_NORWEGIAN = ("docs/guide-municipality.md", "docs/guide-ny-region.md")


def sources() -> list[Path]:
    """Return the documents, by their places in the repository."""
    named = [Path(name) for names in GROUPS.values() for name in names]
    decisions = (ROOT / DECISIONS).glob("*.md")
    return named + sorted(path.relative_to(ROOT) for path in decisions)


def language(source: Path) -> str:
    """Return the language that a document is written in."""
    return "nb" if source.as_posix() in IN_NORWEGIAN else "en"


def title(source: Path) -> str:
    """Return the heading of a document, as it stands in its first line."""
    with (ROOT / source).open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip()
