"""The marks that an import leaves in a copy of a workbook, and how they are known.

A copy that is corrected and comes back is marked anew: what was marked the last time
must not stay, and must not be taken for what a person wrote.
"""

from __future__ import annotations

MARK_COLOUR = "FFC7CE"
# The end of each line of a note that is ours: programs lose who wrote a note.
SIGNED = " (Glokal)"


def signed(text: str) -> str:
    """Return a fault as it stands in a note."""
    return "\n".join(line + SIGNED for line in text.splitlines() if line.strip())


def without_draft_marks(note: str) -> str:
    """Return what others wrote in a note, "" when all of it is ours."""
    lines = [line for line in note.splitlines() if not line.rstrip().endswith(SIGNED)]
    return "\n".join(lines).strip()
