"""Characters and texts that a format can't hold, or that nobody can see.

XML 1.0 (https://www.w3.org/TR/xml/#charsets) has no place for most control characters,
escaped or not; a workbook is XML, and its cells have a length. A terminal obeys control
characters (ECMA-48), and a CI service obeys lines of a log that look like its commands:
what data say is escaped before either sees it.
"""

from __future__ import annotations

import json
import re

# The most UTF-16 code units in a cell of a workbook (the limit of Excel).
CELL_UNITS = 32_767
# What is no Char of XML 1.0, section 2.2. (The few that are none: to compile a
# pattern of all the others takes each command a while.)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What shows nothing, or changes how the text around it is shown: carriage returns, the
# other control characters (which HTML forbids), zero-width characters, line separators,
# tags, and those that turn the direction of a text (Unicode Technical Reports 36,
# section 3.1, and 55, section 3.2).
UNSEEN = re.compile(
    "[\r\u007f-\u009f\u200b\u2028-\u202e\u2060\u2066-\u2069\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]",
)
_NOT_ON_A_LINE = re.compile(f"{NOT_XML.pattern}|{UNSEEN.pattern}")
# A line that begins so, or holds that, is a command to GitHub Actions
# (https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands),
# Azure Pipelines or TeamCity.
_BEGINS_COMMAND = re.compile(r"(?<=\n)([^\S\n]*):(?=:)")
_HOLDS_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")
# The last part of an IRI that can be the local name of an element: an NCName
# (https://www.w3.org/TR/xml-names/#NT-NCName).
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U000effff"
)
_LOCAL_NAME = f"[{_START}][-.0-9\u00b7\u0300-\u036f\u203f-\u2040{_START}]*$"


def code_point(character: str) -> str:
    """Return a character as Unicode writes it: U+0001."""
    return f"U+{ord(character):04X}"


def visible(text: str) -> str:
    """Return a text in which each character that can't be seen is shown as an escape.

    A NUL becomes the six characters \\u0000. Tabs and line feeds stay.
    """
    # What Python calls printable has none of them, and most texts are.
    if text.isprintable():
        return text
    return _NOT_ON_A_LINE.sub(lambda m: _escape(m[0]), text)


def one_line(text: str) -> str:
    """Return what `visible` does, with tabs and line feeds escaped, too."""
    return visible(text).replace("\t", "\\t").replace("\n", "\\n")


def log_text(text: str, *, line_begins: bool = True) -> str:
    """Return a text that may stand on a terminal and in the log of a CI service.

    It is visible, and no line of it is a command to the service: a colon or a number
    sign is escaped. `line_begins` tells whether it stands at the beginning of a line.
    """
    start = "\n" if line_begins else ""
    shown = _BEGINS_COMMAND.sub(r"\1\\u003A", start + visible(text))
    return _HOLDS_COMMAND.sub(r"\\u0023", shown.removeprefix(start))


def visible_json(text: str) -> str:
    """Return the same JSON; what can't be seen, or a log would obey, is escaped.

    A number sign stands nowhere in JSON but in a string.
    """
    shown = UNSEEN.sub(lambda m: json.dumps(m[0])[1:-1], text)
    return _HOLDS_COMMAND.sub(r"\\u0023", shown)


def utf16_units(text: str) -> int:
    """Return the length of a text in UTF-16 code units, by which workbooks count."""
    return len(text) + sum(character > "\uffff" for character in text)


def has_local_name(iri: str) -> bool:
    """Whether RDF/XML can write a property or class: its IRI ends in an XML name."""
    return re.search(_LOCAL_NAME, iri) is not None


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04X}" if number < 0x10000 else f"\\U{number:08X}"
