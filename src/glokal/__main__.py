"""The command: `glokal`, or `python -m glokal`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command and leave with its exit code."""
    try:
        # Loading takes part of a second, in which Ctrl-C must be as clean as later.
        from glokal.cli.main import main as run
    except KeyboardInterrupt:
        print("glokal: stopped; nothing was changed.", file=sys.stderr)
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
