"""The SHACL engines, and the child process that runs one: graphs in, report out.

Everything is N-Triples. Started as `python -m glokal.check.engine MEGABYTES NAME`;
the two graphs come behind each other, with the length of the first ahead.
"""

from __future__ import annotations

import sys

from glokal.process import end_with_parent

ENGINES = ("shacl", "pyshacl")


def run_engine(name: str, data: str, shapes: str) -> str:
    """Return the validation report of a data graph, all three in N-Triples."""
    if name == "pyshacl":
        # It takes a second to import, and is seldom asked.
        from glokal.check.second_opinion import report

        return report(data, shapes)
    import shacl

    compiled = shacl.Shapes.from_text(shapes, format="ntriples")
    found = compiled.validate_text(data, format="ntriples")
    return str(found.serialize("ntriples"))


def pack(data: str, shapes: str) -> bytes:
    """Return two graphs as one input for the child."""
    raw = data.encode()
    return b"%d\n" % len(raw) + raw + shapes.encode()


def main() -> None:
    """Run the engine on what standard input gives."""
    end_with_parent(int(sys.argv[1]))
    source, answer = sys.stdin.buffer, sys.stdout
    # What an engine prints must not mix with the report.
    sys.stdout = sys.stderr
    data = source.read(int(source.readline())).decode()
    try:
        answer.write(run_engine(sys.argv[2], data, source.read().decode()))
    except MemoryError:
        sys.exit("it needs more memory than it may have")
    except Exception as error:
        sys.exit(" ".join(str(error).split()) or type(error).__name__)
    answer.flush()


if __name__ == "__main__":
    main()
