"""The SHACL engines, and the child process that runs one: graphs in, report out.

Graphs are N-Triples files, as pyoxigraph writes them; the report is N-Triples too, and
names blank nodes as the graphs do. Shapes may hold queries of strangers, so the child
has no network. Started as `python -m glokal.check.engine MEGABYTES NAME DATA SHAPES`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from glokal.core.sandbox import close_network
from glokal.process import end_with_parent

ENGINES = ("shacl", "pyshacl")
# The engine names the blank nodes of both graphs by order: shapes first, then data.
_NUMBERED = re.compile(r" _:[01]_b(\d+) \.$", re.MULTILINE)


def run_engine(name: str, data: Path, shapes: Path) -> str:
    """Return the validation report (SHACL, section 3.6) of a data graph."""
    if name == "pyshacl":
        # It takes a second to import, and is seldom asked.
        from glokal.check.second_opinion import report

        return report(data, shapes)
    import shacl

    compiled = shacl.Shapes.from_file(str(shapes))
    found = str(compiled.validate_file(str(data)).serialize("ntriples"))
    if not _NUMBERED.search(found):
        return found
    names = [*blank_nodes(shapes), *blank_nodes(data)]
    return _NUMBERED.sub(lambda m: f" _:{names[int(m[1])]} .", found)


def blank_nodes(path: Path) -> Iterable[str]:
    """Return the labels of blank nodes in an N-Triples file, as they first appear."""
    found: dict[str, None] = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if "_:" in line:
                for label in _ends(line):
                    found[label] = None
    return found


def _ends(line: str) -> Iterable[str]:
    line = line.rstrip("\n")
    if line.startswith("_:"):
        yield line[2 : line.index(" ")]
    last = line[: -len(" .")].rpartition(" ")[2]
    if last.startswith("_:") and '"' not in last:
        yield last[2:]


def main() -> None:
    """Run the engine on the files that the arguments name."""
    # Before any thread is started: they all have it then.
    close_network()
    end_with_parent(int(sys.argv[1]))
    answer = sys.stdout
    # What an engine prints must not mix with the report.
    sys.stdout = sys.stderr
    try:
        answer.write(run_engine(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])))
    except MemoryError:
        sys.exit("it needs more memory than it may have")
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)
    answer.flush()


if __name__ == "__main__":
    main()
