"""The command: `glokal`, or `python -m glokal`."""

from __future__ import annotations

from glokal.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
