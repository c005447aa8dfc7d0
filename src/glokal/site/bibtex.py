"""Texts as values of BibTeX, where some letters are commands.

By "BibTeXing" (O. Patashnik, 1988), section 4, values stand in braces that match; in
the text that LaTeX then reads, ten signs are its own.
"""

from __future__ import annotations

_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_TABLE = str.maketrans(_SIGNS)


def bibtex_text(text: str) -> str:
    """Return a text as it stands between the braces of a value."""
    return text.translate(_TABLE)
