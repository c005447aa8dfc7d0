"""What the sources of a project hold, by digest: whether they are still what was read.

Editors take no lock. What a command writes was worked out from the files as they were
when it began; if they aren't so any more, it would be wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from glokal.core.files.journal import ChangedError
from glokal.core.os_errors import machine_error
from glokal.core.settings import SETTINGS, Project
from glokal.rdf.project_files import FOLDERS, folder_of

State = Mapping[str, str]


def sources_state(project: Project) -> State:
    """Return the SHA-256 of the settings and of each file that is read of a project.

    Raises what `folder_of` does, and MachineError when a file can't be read.
    """
    files = [(SETTINGS, project.root / SETTINGS)]
    files += [
        (f.name, f.path) for name in FOLDERS for f in folder_of(project, name).files
    ]
    state = {}
    for name, path in files:
        try:
            with path.open("rb") as file:
                state[name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            # It has gone since the folder was looked at.
            continue
        except OSError as error:
            raise machine_error(error, f"{name} can't be read", file=name) from error
    return state


def refuse_changed_sources(project: Project, before: State) -> None:
    """Raise ChangedError when the sources aren't what they were."""
    now = sources_state(project)
    names = sorted({*before.items()} ^ {*now.items()})
    changed = list(dict.fromkeys(name for name, _ in names))
    if changed:
        shown = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
        raise ChangedError(
            f"Changed by somebody else in the meantime: {shown}; nothing was written.",
            remedy="run it again: it starts from the files as they are now.",
        )
