"""How a name is compared with another one: letters, spellings, word forms, slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

# What a name scores whose words all stand in another one.
PART = 75.0
# In a shorter name one letter makes another name.
_SHORTEST_MISSPELT, SHORTEST_IDENTIFIER = 8, 4
_STEMMERS = {"nb": "norwegian", "nn": "norwegian", "en": "english", "sv": "swedish"}
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss", "+": " plus "}
)
_SEARCHED = str.maketrans({"å": "a", "ä": "a", "æ": "ae", "ø": "o", "ö": "o", "ï": "i"})
# Words that say what a thing is, and may be left out or added for those things only.
QUALIFIERS = {
    "kommune": ("Municipality", "MunicipalAuthority"),
    "kommunen": ("Municipality", "MunicipalAuthority"),
    "kommunes": ("Municipality", "MunicipalAuthority"),
    "municipality": ("Municipality", "MunicipalAuthority"),
    "tjielte": ("Municipality", "MunicipalAuthority"),
    "fylke": ("County",),
    "county": ("County",),
    **dict.fromkeys(
        ("as", "asa", "ab", "sa", "ba", "iks", "kf", "hf"), ("Organisation",)
    ),
}


def fold_name(text: str) -> str:
    """Return a name as it is compared: no case, accents or punctuation.

    å, ä and á are a, ø and ö are o, æ is ae; a plus sign is a word.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    letters = (
        sign
        for sign in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(sign)
    )
    words = re.findall(r"[^\W_]+", "".join(letters))
    return " ".join("plus" if word == "pluss" else word for word in words)


def stems(asked: str, lang: str) -> list[str]:
    """Return the stems of the words of a search, without case, å, ä, æ, ø, ö and ï."""
    # It holds the rules of thirty languages, and few commands ask for any.
    import snowballstemmer

    stemmer = snowballstemmer.stemmer(_STEMMERS[lang])
    words = re.findall(r"[^\W_]+", asked.lower())
    return [stemmer.stemWord(word).translate(_SEARCHED) for word in words]


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, as they stand or with their words sorted.

    A name whose words all stand in the other one has at least the score of a part.
    """
    best = max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
    part = best < PART and set(one.split()) <= set(other.split())
    return PART if part else best


def one_slip(written: str, name: str) -> bool:
    """Whether one word has one letter wrong, too many, missing or swapped.

    Not a short word, nor its first letter, nor a digit, nor a word that says what the
    thing is: those make another name.
    """
    ours, theirs = written.split(), name.split()
    if len(ours) != len(theirs):
        return False
    changed = [(w, n) for w, n in zip(ours, theirs, strict=True) if w != n]
    if len(changed) != 1:
        return False
    [(word, right)] = changed
    return (
        len(right) >= _SHORTEST_MISSPELT
        and word[0] == right[0]
        and qualifiers_in(written) == qualifiers_in(name)
        and re.findall(r"\d+", word) == re.findall(r"\d+", right)
        and OSA.distance(word, right, score_cutoff=1) <= 1
    )


def qualifiers_in(key: str) -> list[str]:
    """Return the words of a folded name that say what the thing is."""
    return [word for word in key.split() if word in QUALIFIERS]


def without_qualifier(key: str) -> Iterator[tuple[str, str]]:
    """Yield each such word at an end of a folded name, and the name without it."""
    words = key.split()
    if len(words) > 1:
        for place in (0, len(words) - 1):
            if words[place] in QUALIFIERS:
                yield words[place], " ".join(words[:place] + words[place + 1 :])


def plain_name(text: str) -> str:
    """Return a name without case, and with one space between its words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def close_up(key: str) -> str:
    """Return a folded name without spaces, and with aa, oe and ae as a, o and a."""
    spelt = re.sub("aa|ae", "a", key).replace("oe", "o")
    return spelt.replace(" ", "")


def stem_key(key: str) -> str:
    """Return a folded name by the Norwegian stems of its words."""
    return " ".join(stems(key, "nb"))


def identifier_key(text: str) -> str:
    """Return a number or an IRI without spaces, and without a slash at its end."""
    return re.sub(r"\s", "", text).rstrip("/")
