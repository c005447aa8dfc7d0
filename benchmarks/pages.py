"""How long a publication takes, and how heavy its pages are, as the things grow.

`python -m benchmarks.pages [THINGS…]` builds an invented region of that many things.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from glokal.core.settings import load_project
from glokal.dataset.workspace import Workspace
from glokal.site.build import build_site

REGION = Path(__file__).parents[1] / "tests" / "region"
SIZES = (1000, 3000, 10000)
# An activity, what the mapping lists of it, and who takes part.
EACH = 3
_BUILD = "--build"


def make_region(folder: Path, things: int) -> None:
    """Write a region of about that many things to a folder."""
    shutil.copytree(REGION, folder)
    settings = folder / "publication.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + '\n[reason]\nengine = "rules"\n', encoding="utf-8")
    data = folder / "data" / "strategy" / "fjordland.ttl"
    written = data.read_text(encoding="utf-8")
    more = "\n".join(_activity(n) for n in range(things // EACH))
    data.write_text(f"{written}\n{more}", encoding="utf-8")


def _activity(number: int) -> str:
    who, passage = (("nes", "00204-00232"), ("vik", "00170-00198"))[number % 2]
    return f"""
activity:a{number} a glo:Exchange ;
  rdfs:label "Utveksling {number}"@nb , "Exchange {number}"@en ;
  glo:statedIn passage:{passage} ;
  glo:supportedUnder programme:nordplus-junior .

entry:e{number} a glo:MappingEntry ;
  glo:entryOf authority:{who} ;
  glo:exactQuote "Nordplus Junior – brevvenner" ;
  glo:inSubjectArea subject-area:education ;
  glo:readingCertainty reading-certainty:certain ;
  glo:refersTo activity:a{number} ;
  glo:statedIn passage:{passage} .

participation:p{number} a glo:Participation ;
  glo:affirmedIn passage:{passage} ;
  glo:participant authority:{who} ;
  glo:participationIn activity:a{number} ;
  glo:role role:participant ;
  glo:verificationStatus verification-status:accepted .
"""


@dataclass(frozen=True)
class Spent:
    """Seconds: by the clock, and of the processor with those of ended helpers."""

    clock: float
    processor: float

    @classmethod
    def until_now(cls) -> Spent:
        """Return what has been spent until now."""
        now = os.times()
        return cls(time.monotonic(), sum(now[:4]))

    def since(self, start: Spent) -> Spent:
        """Return what was spent since."""
        return Spent(self.clock - start.clock, self.processor - start.processor)


def _heaviest(root: Path) -> tuple[int, str]:
    pages = (
        (p.stat().st_size, p.parent.relative_to(root).as_posix()) for p in _pages(root)
    )
    return max(pages)


def _pages(root: Path) -> Iterator[Path]:
    return root.rglob("index.html")


def _built(folder: Path) -> tuple[int, Spent]:
    """Build a region in a process of its own, as the command does."""
    command = [sys.executable, "-m", "benchmarks.pages", _BUILD, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    pages, clock, processor = json.loads(done.stdout)
    return pages, Spent(clock, processor)


def build(folder: Path) -> None:
    """Build a region, and print how many pages it has and what it took, as JSON."""
    workspace = Workspace(load_project(folder))
    _ = workspace.store
    start = Spent.until_now()
    built = build_site(workspace, folder / "public")
    spent = Spent.until_now().since(start)
    print(json.dumps([built.pages if built else 0, spent.clock, spent.processor]))


def measure(things: int) -> None:
    """Build a region of that many things twice, and print what it took."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "region"
        make_region(folder, things)
        pages, first = _built(folder)
        data = folder / "data" / "strategy" / "fjordland.ttl"
        text = data.read_text(encoding="utf-8")
        data.write_text(
            text.replace('Utveksling 7"', 'Utveksling sju"'), encoding="utf-8"
        )
        _, again = _built(folder)
        size, name = _heaviest(folder / "public")
        print(
            f"{things:>7} {pages:>7} {first.clock:>8.1f} {first.processor:>8.1f} "
            f"{first.processor / pages * 1000:>8.1f} "
            f"{again.clock:>8.1f} {again.processor:>8.1f} "
            f"{again.processor / first.processor:>8.2f} {size / 1000:>8.0f}  {name}",
            flush=True,
        )


if __name__ == "__main__":
    if sys.argv[1:2] == [_BUILD]:
        build(Path(sys.argv[2]))
        sys.exit()
    print(
        " things   pages  clock/s processor/s ms/page  again: clock/s processor/s"
        " of the first  heaviest/kB"
    )
    for number in map(int, sys.argv[1:] or map(str, SIZES)):
        measure(number)
