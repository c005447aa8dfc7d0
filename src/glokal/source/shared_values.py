"""What is said of many things, of which most say the same, in little memory."""

from __future__ import annotations

from collections.abc import Collection

# Values that are kept as a tuple; of more, each is looked up by its hash.
_FEW = 8
# Collections that are looked out for: those that many have come early.
_MOST_SHARED = 4096


class SharedValues(dict[str, Collection[str]]):
    """The values of each thing, each once, in the order in which they were added.

    What has none has an empty collection, which asking for it doesn't put there. Texts
    that are equal are the same object while `pool` is kept, and things with the same
    values share them.
    """

    def __init__(self, pool: dict[str, str]) -> None:
        super().__init__()
        self._pool = pool
        self._shared: dict[tuple[str, ...], tuple[str, ...]] = {}

    def __missing__(self, key: str) -> Collection[str]:
        return ()

    def add(self, key: str, value: str) -> None:
        """Add a value to those of a thing."""
        known = self.get(key, ())
        if value in known:
            return
        key, value = (
            self._pool.setdefault(key, key),
            self._pool.setdefault(value, value),
        )
        if isinstance(known, dict):
            known[value] = None
        elif len(known) < _FEW:
            values = (*known, value)
            same = self._shared.get(values)
            if same is None and len(self._shared) < _MOST_SHARED:
                self._shared[values] = values
            self[key] = same or values
        else:
            self[key] = dict.fromkeys((*known, value))

    def finish(self) -> None:
        """Let go of what was needed to add values; nothing is added any more."""
        self._pool, self._shared = {}, {}
