"""The command: `glokal`, or `python -m glokal`."""

# Nothing may be imported here, not even __future__, that Python hasn't loaded already:
# it would be looked for in the working folder first.
import os
import sys


def main() -> None:
    """Run the command and leave with its exit code."""
    _leave_working_folder()
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


def _leave_working_folder() -> None:
    """Import nothing from the working folder, which may hold anything.

    `python -m glokal` puts it first in the places to import from, and an empty entry of
    PYTHONPATH means it; it stays when PYTHONPATH names it by its whole path.
    """
    here = os.path.realpath(os.curdir)
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if here not in [os.path.realpath(path) for path in named if path[:1] == os.sep]:
        sys.path[:] = [
            path for path in sys.path if os.path.realpath(path or os.curdir) != here
        ]


if __name__ == "__main__":
    main()
