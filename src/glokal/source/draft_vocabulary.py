"""What headings, columns and cells of a document say, by the words of its language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from glokal.core.country_codes import code_of_three
from glokal.core.locales import names_of_countries
from glokal.source.draft_column_words import SIGNS, ColumnWords
from glokal.source.draft_known import (
    drafting_words,
)
from glokal.source.draft_states import StateWords
from glokal.source.name_mentions import fold, letters_of, lexicon, stem

# The longest names of countries have so many words.
_WORDS = 4
# “Alle de sju kommunene” has so many words.
_BETWEEN = 5


class DraftVocabulary(ColumnWords):
    """The words that drafting goes by, in the language of a document.

    A heading may be in any language that has words: its own is asked first.
    """

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self._words: Mapping[str, Any] = drafting_words(language)
        self.state = StateWords(language)

    @property
    def conjunctions(self) -> list[str]:
        """Return the words before the last one of several names."""
        return list(self._words["and"])

    def is_generic(self, word: str) -> bool:
        """Whether a word is that for a municipality, in any language."""
        told = fold(word.strip(SIGNS))
        return any(
            told in {fold(of_all) for of_all in drafting_words(of)["generic"]}
            for of in self._languages
        )

    def speaks_of_municipalities(self, text: str) -> bool:
        """Whether a sentence has the word for municipalities."""
        return bool(words_in(text) & self.folded("rows"))

    def kind_of_element(self, text: str) -> str:
        """Return the class of elements that a heading is of, "" for none or several."""
        found = self.kinds_of_elements(text)
        return found[0] if len(found) == 1 else ""

    def kinds_of_elements(self, text: str) -> list[str]:
        """Return the classes of elements that a heading has the words for."""
        for of in self._languages:
            kinds = drafting_words(of)["kinds"]
            found = [
                str(kind) for kind, names in kinds.items() if _has(names, text, of)
            ]
            if found:
                return found
        return []

    def kind_of_word(self, word: str) -> str:
        """Return the class of elements that a word alone is that for, "" for none."""
        for of in self._languages:
            told = _stems(word, of)
            for kind, names in drafting_words(of)["kinds"].items():
                if told and told in [_stems(name, of) for name in names]:
                    return str(kind)
        return ""

    def speaks_of_means(self, text: str) -> bool:
        """Whether a sentence says by what something shall be reached."""
        told = f" {' '.join(text.casefold().split())} "
        return any(f" {phrase} " in told for phrase in self._words["means"])

    def explains_sign(self, text: str) -> bool:
        """Whether what stands behind a mark says what the mark means."""
        first = text.split()[:1]
        return bool(first) and fold(first[0]) in self.folded("explains")

    def lists_partners(self, heading: str) -> bool:
        """Whether a heading is that of a list of partners."""
        return any(
            _has(drafting_words(of)["partners"], heading, of) for of in self._languages
        )

    def denies(self, text: str) -> bool:
        """Whether a sentence has a word that denies what the others say."""
        return bool(words_in(text) & self.folded("not"))

    def denies_any(self, text: str) -> bool:
        """Whether a sentence denies, or has a word for none."""
        return self.denies(text) or bool(words_in(text) & self.folded("nothing"))

    def speaks_of_twins(self, text: str) -> bool:
        """Whether a text has a word for twin towns, in any language.

        An event that is called by them, such as a day of twin towns, is another thing.
        """
        words = [fold(word.strip(SIGNS + ",;()")) for word in text.split()]
        for at in range(len(words)):
            said = " ".join(words[at:])
            for of in self._languages:
                for begin in drafting_words(of)["twins"]:
                    if said.startswith(fold(begin)):
                        word, _, behind = said[len(fold(begin)) :].partition(" ")
                        if not _is_event(word, behind, of):
                            return True
        return False

    def is_wide(self, name: str) -> bool:
        """Whether a name is that of a part of the world, which is no place."""
        return fold(name) in self.folded("wide")

    @property
    def preposition(self) -> str:
        """Return a word that stands before a place."""
        return str(next(iter(self._words["where"]), ""))

    def stands_before_places(self, word: str) -> bool:
        """Whether a word is a preposition of places."""
        return fold(word) in self.folded("where")

    def joins_names(self, word: str) -> bool:
        """Whether a word stands between names, or before one: “and”, “is”."""
        return fold(word) in self.folded("and") | self.folded("is")

    def excepts(self, text: str) -> bool:
        """Whether a sentence leaves some out of what it says."""
        return bool(words_in(text) & self.folded("except"))

    def counts_up(self, text: str) -> bool:
        """Whether a sentence says what its region consists of, and leaves none out."""
        words = words_in(text)
        consists = words & self.folded("consists") or (
            words & self.folded("cooperation") and words & self.folded("between")
        )
        return bool(consists) and not (self.excepts(text) or self.denies(text))

    def is_network(self, word: str) -> bool:
        """Whether a word is one for a network, such as “nettverket”."""
        names = map(fold, self._words["columns"].get("network", ()))
        return fold(word).startswith(tuple(name for name in names if " " not in name))

    def speaks_of_all(self, text: str) -> bool:
        """Whether a sentence speaks of all the municipalities of its region.

        “All municipalities in the county” are others.
        """
        rows, where = self.folded("rows"), self.folded("where")
        pairs = [fold(phrase).split() for phrase in self._words["everyone"]]
        every = {first for first, *rest in pairs if {*rest} & rows}
        words = [fold(word.strip(SIGNS + ",;")) for word in text.split()]
        for at, word in enumerate(words):
            if word not in every:
                continue
            for end in range(at + 1, min(at + _BETWEEN, len(words))):
                if words[end] in rows:
                    behind = words[end + 1 : end + 3]
                    elsewhere = behind and behind[0] in where
                    return not elsewhere or behind[-1].startswith("region")
        return False

    def speaks_of_the_municipality(self, text: str) -> bool:
        """Whether a sentence speaks of a municipality without its name."""
        return bool(words_in(text) & self.folded("the_municipality"))

    def behind_exception(self, text: str) -> str:
        """Return what stands behind the word that leaves some out."""
        words, out = text.split(), self.folded("except")
        at = next((n for n, w in enumerate(words) if fold(w.strip(SIGNS)) in out), -1)
        return " ".join(words[at + 1 :]) if at >= 0 else ""

    def says_nothing(self, text: str) -> bool:
        """Whether a cell is as good as empty: a dash, or the word for none."""
        return not letters_of(text) or self._is(text, "nothing")

    def says_everyone(self, text: str) -> bool:
        """Whether a cell stands for all the municipalities."""
        return self._is(text, "everyone")

    def names_nobody(self, text: str) -> bool:
        """Whether a cell, where a name should be, has none."""
        return self.says_nothing(text) or self._is(text, "nobody")

    def countries_in(self, text: str, home: Collection[str] = ()) -> list[str]:
        """Return the countries that a text names behind a preposition, in its order.

        `home` are the codes (of three letters) of those that a plan is of: they are no
        counterparts.
        """
        names = names_of_countries(self._language)
        before, joins = self.folded("where"), self.folded("and")
        words, results = text.split(), list[str]()
        at = 0
        while at < len(words):
            goes_on = fold(words[at]) in before
            at += 1
            while goes_on and at < len(words):
                at += fold(words[at]) in joins
                for length in range(min(_WORDS, len(words) - at), 0, -1):
                    told = " ".join(words[at : at + length])
                    name = told.strip(f"{SIGNS},;()!?")
                    code = names.get(name.casefold(), "") if name[:1].isupper() else ""
                    if code:
                        results += [name] if code_of_three(code) not in home else []
                        at += length
                        further = at < len(words) and fold(words[at]) in joins
                        goes_on = told.endswith(",") or further
                        break
                else:
                    goes_on = False
        return list(dict.fromkeys(results))

    def is_country(self, name: str) -> bool:
        """Whether a name is that of a country."""
        return name.casefold() in names_of_countries(self._language)

    def folded(self, words: str) -> set[str]:
        """Return words of the language in the form that they are compared in."""
        return {fold(word) for word in self._words[words]}

    def _is(self, text: str, words: str) -> bool:
        said = fold(" ".join(text.split()).strip(f"{SIGNS}-–—()!"))
        return said in self.folded(words)


def are_headings(texts: Iterable[str]) -> bool:
    """Whether the texts of a row are known as headings of columns, in any language.

    The first one is that of municipalities, or each of them says what its column has.
    """
    words = DraftVocabulary("")
    first, *others = (" ".join(text.split()) for text in texts)
    filled = [text for text in others if text]
    if not first or not filled:
        return False
    return words.is_above_municipalities(first) or all(
        words.role(text) for text in (first, *filled)
    )


def _is_event(word: str, behind: str, language: str) -> bool:
    """Whether a word for twin towns goes on with that for an event, or one follows."""
    events = [fold(event) for event in drafting_words(language)["occasions"]]
    return any(event in word for event in events) or behind.split(" ")[0] in events


def words_in(text: str) -> set[str]:
    """Return the words of a text in the form that they are compared in."""
    return {fold(word.strip(SIGNS + ",;")) for word in text.split()}


def _has(phrases: Iterable[str], text: str, language: str) -> bool:
    said = _stems(text, language)
    return any(_stands_in(_stems(phrase, language), said) for phrase in phrases)


def _stems(text: str, language: str) -> list[str]:
    words = "".join(c if c.isalnum() else " " for c in text).split()
    stemmer = lexicon(language)["stemmer"]
    return [stem(fold(word), stemmer) for word in words]


def _stands_in(phrase: list[str], said: list[str]) -> bool:
    return any(
        said[at : at + len(phrase)] == phrase
        for at in range(len(said) - len(phrase) + 1)
    )
