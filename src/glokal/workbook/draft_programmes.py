"""Programmes that a person types: nearly another one, or one that many plans name."""

from __future__ import annotations

from glokal.core.namespaces import CODE
from glokal.dataset.name_likeness import fold_name, one_slip
from glokal.source.draft_known import KnownThings, well_known_programmes
from glokal.source.programme_names import well_known_programme
from glokal.source.reanchor import letters_of


def known_spheres(name: str) -> list[str]:
    """Return the spheres of a programme that many plans name, as a draft proposes."""
    found = well_known_programme(name)
    spheres = found.sphere if found else ()
    return [f"{CODE}cooperation-sphere/{slug}" for slug in spheres]


def near_programme(known: KnownThings, name: str) -> str:
    """Return the programme whose name one is in another spelling, or with a slip.

    It is one of the project's, or one that many plans name; "" for none, and where the
    name is itself one of theirs.
    """
    programmes = known.of_path("programme")
    own = [n for i in programmes for n in [*known.names_of(i).values()][:1]]
    names = [*own, *(p.name for p in well_known_programmes())]
    key, letters = fold_name(name), letters_of(name)
    for other in own:
        # “Erasmus plus” is known, and is what the project has as “Erasmus+”.
        if fold_name(other) == key and letters_of(other) != letters:
            return other
    if letters in map(letters_of, names):
        return ""
    return next((other for other in names if one_slip(key, fold_name(other))), "")
