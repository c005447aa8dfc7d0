"""An invented national register, seeded: any number of triples, with known faults.

357 municipalities, programmes and partners, and as many activities as the size asks
for. Each planted fault is one result of one shape, at a known line.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

NAMESPACE = "https://example.org/national/"
HEAD = f"""@prefix ex: <{NAMESPACE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
MUNICIPALITIES, PROGRAMMES = 357, 40
Lines = list[str]


@dataclass(frozen=True)
class Fault:
    """A planted fault: the shape it breaks, the thing and the line it stands in."""

    shape: str
    focus: str
    line: int


def write_register(path: Path, triples: int, *, share: float, seed: int) -> set[Fault]:
    """Write a register of about that many triples; return the faults in it.

    `share` is the number of faults for each triple.
    """
    chance = random.Random(seed)
    faults: set[Fault] = set()
    line = written = 0
    with path.open("w", encoding="utf-8") as out:
        for name, block, fault in _blocks(chance, share * 12):
            if fault:
                shape, at = fault
                faults.add(
                    Fault(f"{NAMESPACE}shape-{shape}", NAMESPACE + name, line + at + 1)
                )
            text = "\n".join(block) + "\n\n"
            out.write(text)
            line += text.count("\n")
            written += sum(part.endswith((";", ",", ".")) for part in block)
            if written >= triples:
                return faults
    raise AssertionError


Block = tuple[str, Lines, tuple[str, int] | None]


def _blocks(chance: random.Random, share: float) -> Iterator[Block]:
    yield "", HEAD.splitlines(), None
    for n in range(MUNICIPALITIES):
        block = [
            f"ex:m{n} a ex:Municipality ;",
            f'  rdfs:label "Kommune {n} på Østlandet"@nb ;',
            f'  ex:number "{1000 + n}" .',
        ]
        yield f"m{n}", block, None
    for n in range(PROGRAMMES):
        yield f"p{n}", [f'ex:p{n} a ex:Programme ; rdfs:label "Program {n}" .'], None
    number = 0
    while True:
        number += 1
        block = _activity(chance, number)
        fault = None
        if chance.random() < share:
            shape = chance.choice(list(_FAULTS))
            fault = shape, _FAULTS[shape](block)
        yield f"a{number}", block, fault


def _activity(chance: random.Random, number: int) -> Lines:
    year, month = chance.randint(2014, 2026), chance.randint(1, 9)
    return [
        f"ex:a{number} a ex:Activity ;",
        f'  rdfs:label "Utveksling {number} – språk, kultur og læring"@nb,',
        f'    "Exchange {number}"@en ;',
        f"  ex:participant ex:m{chance.randrange(MUNICIPALITIES)},",
        f"    ex:m{chance.randrange(MUNICIPALITIES)} ;",
        f"  ex:partner ex:o{chance.randrange(5000)} ;",
        f"  ex:programme ex:p{chance.randrange(PROGRAMMES)} ;",
        f'  ex:start "{year}-0{month}-15"^^xsd:date ;',
        f'  ex:end "{year + 2}-0{month}-15"^^xsd:date ;',
        f'  ex:status "{chance.choice(("planned", "running", "ended"))}" ;',
        f'  ex:checked "{year}-01-01"^^xsd:date ;',
        f'  ex:note """Notat {number}',
        'over to linjer"""@nb .',
    ]


def _no_label(block: Lines) -> int:
    del block[1:3]
    return 0


def _two_labels(block: Lines) -> int:
    block[2] = block[2].replace("@en", "@nb")
    return 2


def _no_participant(block: Lines) -> int:
    del block[3:5]
    return 0


def _change(row: int, old: str, new: str) -> Callable[[Lines], int]:
    def change(block: Lines) -> int:
        assert old in block[row]
        block[row] = block[row].replace(old, new, 1)
        return row

    return change


_FAULTS: dict[str, Callable[[Lines], int]] = {
    "label": _no_label,
    "one-label": _two_labels,
    "participant": _no_participant,
    "participant-kind": _change(4, "ex:m", "ex:unknown"),
    "partner": lambda block: _change(5, block[5].split()[1], '"En partner"')(block),
    "programme": lambda block: _change(6, block[6].split()[1], "ex:none")(block),
    "checked": _change(10, "-01", " januar"),
    "order": _change(7, '"20', '"21'),
    "status": lambda block: _change(9, block[9].split()[1], '"kanskje"')(block),
}
