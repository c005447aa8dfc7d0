"""Line ends: how a text that is printed in lines is read as one.

A hyphen at the end of a line is mostly the typesetter's. It is the writer's own before
a capital, a figure or a conjunction, behind an abbreviation or a figure, and where the
document has the word with the hyphen inside a line and nowhere without it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

# U+002D, soft hyphen, hyphen, and what PDFium gives for a hyphen at the end of a line.
HYPHENS = "-\u00ad\u2010\ufffe\u0002"
_SOFT = "\u00ad\ufffe\u0002"
_DASH = "–"
_EDGES = ".,;:!?()[]«»”“\"'’‘"


class Vocabulary:
    """The words that stand inside the lines of a document."""

    def __init__(self, lines: Iterable[str], conjunctions: Collection[str]) -> None:
        self._conjunctions = conjunctions
        self.words: set[str] = set()
        # A typesetter that marks his own hyphens leaves the writer's as they are.
        self._marked = False
        for line in lines:
            words = line.split()
            self._marked |= line.rstrip()[-1:] in tuple(HYPHENS[1:])
            # The first and the last one may be parts of words.
            inner = words[1:-1] if len(words) > 2 else words[:1]
            self.words.update(_bare(word) for word in (*inner, *words[-1:]))

    def read(self, lines: Sequence[str]) -> str:
        """Return printed lines as one text."""
        text = ""
        for line in lines:
            words = " ".join(line.split())
            if not text or not words:
                text += words
            elif text[-1] in HYPHENS and len(text) > 1 and text[-2].isalnum():
                text = self._over_the_end(text, words)
            elif text[-2:-1].isalnum() and text[-1] == _DASH and words[0].isalnum():
                # From here to there: no space stands on either side.
                text += words
            else:
                text += f" {words}"
        return "".join(c for c in text if c not in _SOFT)

    def _over_the_end(self, text: str, rest: str) -> str:
        before = text.rpartition(" ")[2][:-1]
        after = rest.partition(" ")[0]
        if _bare(after) in self._conjunctions:
            return f"{text[:-1]}- {rest}"
        if (self._marked and text[-1] == "-") or self.keeps_hyphen(before, after):
            return f"{text[:-1]}-{rest}"
        return text[:-1] + rest

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """Return whether a hyphen between two lines is one of the writer's own."""
        if not after[:1].isalpha() or after[:1].isupper() or before[-1:].isdigit():
            return True
        last = before.rpartition("-")[2].lstrip(_EDGES)
        # An abbreviation: EØS, PhD.
        if len(last) > 1 and any(c.isupper() for c in last[1:]):
            return True
        whole = _bare(before + after)
        return _bare(f"{before}-{after}") in self.words and whole not in self.words


def _bare(word: str) -> str:
    return word.strip(_EDGES).casefold()
