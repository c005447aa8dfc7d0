"""Git, told of files that Glokal has written: staged, or committed to a branch.

Only plumbing commands run, with the settings of `glokal.core.git_process`: no hook,
filter, fsmonitor or signing program of the repository has a part in them, and the files
of the working tree aren't touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from glokal.core.errors import ToolError, UsageError
from glokal.core.files.temporary import scratch_folder
from glokal.core.git import Repository
from glokal.core.git_process import ask_git

_MODE = "100644"
_NONE = "0" * 40
# Bytes of a part of a branch's name, which becomes the name of a file and of its lock.
_LONGEST_PART = 200


@dataclass(frozen=True)
class Commit:
    """A commit that was made: its branch and its name."""

    branch: str
    name: str

    @property
    def short(self) -> str:
        """The first letters of its name."""
        return self.name[:10]


def stage(repository: Repository, files: Mapping[str, bytes]) -> None:
    """Tell the index of some files, by their paths from the top of the tree.

    A commit with `-a` then has them, though nobody has named them. Raises ToolError.
    """
    entries = _entries(repository, files)
    args = ["update-index", "--add", "--index-info"]
    if ask_git(repository.top, *args, given=entries) is None:
        raise ToolError(
            "Git could not be told of the new files.",
            remedy="run git add with the files that are named above.",
        )


def branch_start(
    repository: Repository, branch: str, before: Mapping[str, bytes | None]
) -> str:
    """Return the commit that a new branch starts from.

    `before` has the files that it will change as they are now, None for a new one. A
    file that differs from the commit would be committed with more than the change.
    Raises UsageError for that, and for a name that no branch may have.
    """
    long = any(len(part.encode()) > _LONGEST_PART for part in branch.split("/"))
    if long or ask_git(repository.top, "check-ref-format", "--branch", branch) is None:
        raise UsageError(
            f"{branch!r} can't be the name of a branch.",
            remedy="use letters, digits and hyphens, such as vik-2026-11.",
        )
    head = repository.commit("HEAD")
    if head is None:
        raise UsageError(
            "The repository has no commit yet.",
            remedy="commit what there is, and import again.",
        )
    for path, content in before.items():
        there = repository.entries(head, path)
        same = not there if content is None else False
        if content is not None and there:
            same = there[0].object == _blob(repository, content)
        if not same:
            raise UsageError(
                f"{path} has changes that are not committed.",
                remedy="commit them first, or import without --branch.",
            )
    return head


def make_branch(
    repository: Repository,
    branch: str,
    head: str,
    message: str,
    files: Mapping[str, bytes],
) -> Commit:
    """Commit files on a new branch from a commit, and stay where one stands.

    A branch of that name that has just this, left by one that was stopped, is taken.
    Raises UsageError when there is another one, ToolError when Git doesn't know who
    commits, or can't.
    """
    top = repository.top
    entries = _entries(repository, files)
    with scratch_folder() as folder:
        index = {"GIT_INDEX_FILE": str(folder / "index")}
        steps = (("read-tree", head), ("update-index", "--add", "--index-info"))
        for step in steps:
            if ask_git(top, *step, given=entries, more=index) is None:
                raise _failed()
        made = ask_git(top, "write-tree", more=index)
    if made is None:
        raise _failed()
    tree = made.decode().strip()
    ref = f"refs/heads/{branch}"
    there = repository.commit(ref)
    if there is not None:
        if repository.commit(f"{ref}^") != head or _tree_of(repository, ref) != tree:
            raise UsageError(
                f"There is a branch {branch} already.", remedy="name another one."
            )
        return Commit(branch, there)
    commit = ask_git(top, "commit-tree", tree, "-p", head, given=message.encode())
    if commit is None:
        raise ToolError(
            "Git made no commit: it may not know who you are.",
            remedy="run git config user.name and git config user.email, and import "
            "again.",
        )
    name = commit.decode().strip()
    if ask_git(top, "update-ref", ref, name, _NONE) is None:
        raise _failed()
    return Commit(branch, name)


def drop_branch(repository: Repository, commit: Commit) -> None:
    """Take a branch away that was made for what couldn't be written."""
    ref = f"refs/heads/{commit.branch}"
    ask_git(repository.top, "update-ref", "-d", ref, commit.name)


def stand_on(repository: Repository, branch: str, files: Mapping[str, bytes]) -> None:
    """Make a branch the one that one stands on; its files are in the working tree.

    Raises ToolError.
    """
    if ask_git(repository.top, "symbolic-ref", "HEAD", f"refs/heads/{branch}") is None:
        raise ToolError(
            "Git could not go to the branch.", remedy=f"run git switch {branch}."
        )
    stage(repository, files)


def left_branch(repository: Repository, branch: str) -> Mapping[str, bytes] | None:
    """Return the files of a branch on which nobody stands yet, though they are here.

    That is what one leaves that was stopped when it had written the files. None for
    every other branch.
    """
    head, ref = repository.commit("HEAD"), f"refs/heads/{branch}"
    made = ask_git(repository.top, "check-ref-format", ref)
    if head is None or made is None or repository.commit(f"{ref}^") != head:
        return None
    new = {e.path: e.object for e in repository.entries(ref)}
    old = {e.path: e.object for e in repository.entries(head)}
    changed = {path for path, name in new.items() if old.get(path) != name}
    try:
        files = {p: (repository.top / p).read_bytes() for p in sorted(changed)}
    except OSError:
        return None
    same = all(_blob(repository, data) == new[path] for path, data in files.items())
    return files if files and same and not set(old) - set(new) else None


def _tree_of(repository: Repository, revision: str) -> str:
    answer = ask_git(
        repository.top, "rev-parse", "--verify", "-q", f"{revision}^{{tree}}"
    )
    return answer.decode().strip() if answer else ""


def _entries(repository: Repository, files: Mapping[str, bytes]) -> bytes:
    """Return lines for `update-index --index-info`, the contents being kept."""
    lines = [
        f"{_MODE} {_blob(repository, content)}\t{path}\n"
        for path, content in files.items()
    ]
    return "".join(lines).encode()


def _blob(repository: Repository, content: bytes) -> str:
    args = ["hash-object", "-w", "--no-filters", "--stdin"]
    answer = ask_git(repository.top, *args, given=content)
    if answer is None:
        raise _failed()
    return answer.decode().strip()


def _failed() -> ToolError:
    return ToolError(
        "Git could not make the branch.",
        remedy="see what git status says, and import again.",
    )
