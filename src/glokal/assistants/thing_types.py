"""The types that a name can be asked for: classes of the ontology that have things."""

from __future__ import annotations

from collections.abc import Iterable

from glokal.core.errors import UsageError
from glokal.core.namespaces import GLO
from glokal.dataset.canned_queries import suggest
from glokal.dataset.names import NameIndex

# What people have lists of; in a manifest these come first.
USUAL = ("Municipality", "Organisation", "Programme", "InternationalActivity", "Place")


class ThingTypeNames:
    """The classes of the things in an index, by their own names."""

    def __init__(self, names: NameIndex) -> None:
        found = {c for iri in names.things() for c in names.classes(iri)}
        self.known = tuple(
            sorted(c.removeprefix(GLO) for c in found if c.startswith(GLO))
        )

    def iris(self, written: Iterable[str]) -> tuple[str, ...]:
        """Return the classes of some names or IRIs of classes.

        Raises UsageError, with the closest, for what is none.
        """
        return tuple(GLO + self._known(name.removeprefix(GLO)) for name in written)

    def _known(self, name: str) -> str:
        folded = {known.casefold(): known for known in self.known}
        if name.casefold() not in folded:
            raise UsageError(
                f"There is no type {name[:60]!r}.", remedy=suggest(name, self.known)
            )
        return folded[name.casefold()]


def own_type(names: NameIndex, iri: str) -> str:
    """Return the class of ours that says most of a thing: the one below the others."""
    ours = [c for c in names.classes(iri) if c.startswith(GLO)]
    return max(ours, key=lambda c: (len(names.above(c)), c), default="")
