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
    except (ImportError, MemoryError, OSError) as error:
        print(
            f"glokal: Glokal can't be loaded: {error or 'there is not enough memory'}. "
            "Do this: raise the limits of files and memory (ulimit -n, ulimit -v), or "
            "install it again.",
            file=sys.stderr,
        )
        sys.exit(2)
    run()


if __name__ == "__main__":
    main()
