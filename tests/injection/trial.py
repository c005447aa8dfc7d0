"""A command is stopped at a call, and what it leaves is judged.

After each fault the project must be as it was or as it was to be, byte for byte; the
next command settles what a killed one left; nothing else is left in the project or
among temporary files; no process goes on; and the command, run again, ends well.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.injection import service
from tests.injection.commands import Command, glokal, new_project
from tests.injection.faults import SIGNALS
from tests.injection.strace import READ, REMOVING, Areas, Call, calls, hit, run

OLD, NEW, BETWEEN = "old", "new", "between"
_LEAVINGS = (".glokal-", "glokal-", ".new-", "making-")
_SITE = re.compile(r"\..+-glokal-[0-9a-f]{16}(-old)?")
_TRIES = 8
# Children end with the command; how soon is a question of the machine.
_GONE_SECONDS = 120
State = tuple[dict[str, str], service.State]

# What commands say in any of their languages.
_SAID = tomllib.loads(
    (ROOT / "src/glokal/cli/messages.toml").read_text(encoding="utf-8")
)["common"]
_DO = [f"{text}: " for text in _SAID["do"].values()]
_NOTHING = [text.partition("; ")[2].rstrip(".") for text in _SAID["stopped"].values()]
_BEFORE = [text.partition(":")[0] for text in _SAID["changed_before"].values()]


def _says(said: str, texts: Iterable[str]) -> bool:
    return any(text.casefold() in said.casefold() for text in texts)


@dataclasses.dataclass(frozen=True)
class Trial:
    """What came of one fault: the call, the state at once and later, what is wrong.

    `call` is None when the fault came to a call that isn't about our files.
    """

    fault: str
    call: Call | None
    at_once: str = ""
    settled: str = ""
    wrong: tuple[str, ...] = ()


class Bench:
    """A folder in which a command is run on copies of a project and stopped."""

    def __init__(self, folder: Path, command: Command, address: str = "") -> None:
        self.command = command
        self._address = address
        self._before, self._inputs = folder / "before/project", folder / "inputs"
        self.project, self.temporary = folder / "work/project", folder / "temporary"
        self._areas = Areas(self.project, self.temporary)
        self._log = folder / "strace.log"
        self._inputs.mkdir()
        self._before.parent.mkdir()
        new_project(self._before)
        self._held: service.State = frozenset()
        self._runs: dict[tuple[str, service.State], list[str]] = {}
        if address:
            service.restore(address, frozenset())
            glokal(self._before, "push", "--endpoint", f"{address}/query")
            self._held = service.dump(address)
        command.prepare(self._before, self._inputs)
        self._fresh()
        self.old = self._read()
        done = self._run(self.command.args, self._log)
        self.code = done.returncode
        assert self.code in (0, 1), done.stderr
        self.new = self._read()
        assert self.new != self.old, f"{command.name} changes nothing"
        self._known = {*_names(self._before), *_names(self.project)}
        self.calls = list(calls(self._log, self._areas))
        assert self.calls, "strace saw no call"

    def stop(self, call: Call, fault: str) -> Trial:
        """Inject a fault at a call and judge what is left."""
        what = f"signal={fault}" if fault in SIGNALS else f"error={fault}"
        number = call.number
        for attempt in range(1, _TRIES + 1):
            self._fresh()
            inject = f"{call.name}:{what}:when={number}"
            done = self._run(self.command.args, self._log, inject)
            met = hit(self._log, self._areas, fault)
            if met is not None and (_like(met, call) or attempt == _TRIES):
                return self._judge(done, met, fault)
            # Calls elsewhere may be more or fewer than before, by how fast it goes.
            number = self._number_now(call)
        return Trial(fault, None)

    def _number_now(self, call: Call) -> int:
        """Return which call of its name a call was in the run that was logged last."""
        same = [c.number for c in self.calls if _like(c, call)]
        now = [c.number for c in calls(self._log, self._areas) if _like(c, call)]
        place = same.index(call.number)
        return now[place] if place < len(now) else call.number

    def _judge(
        self, done: subprocess.CompletedProcess[str], call: Call, fault: str
    ) -> Trial:
        wrong = [f"a process goes on: {name}" for name in self._going_on()]
        at_once = self._state()
        wrong += self._wrong_end(done, fault, at_once)
        # A killed one can't tidy up, neither can one that may not remove or look, and
        # what is decided is completed by the next.
        told = "The next command completes it" in done.stderr
        settled = at_once
        if fault == "KILL" or call.kind in (*REMOVING, READ) or told:
            wrong += self._settle()
            settled = self._state()
        if settled == BETWEEN and not self._is_told_apart():
            wrong.append("neither old nor new")
        wrong += self._left()
        wrong += self._again(settled)
        return Trial(fault, call, at_once, settled, tuple(dict.fromkeys(wrong)))

    def _again(self, settled: str) -> list[str]:
        """Run the command once more, and return what is wrong then.

        Faults that leave the same bytes, caches and all, have one next run.
        """
        left = self._everything()
        if left not in self._runs:
            again = self._run(self.command.args)
            code = 2 if self.command.once and settled == NEW else self.code
            wrong = self._left()
            if again.returncode != code or self._state() != NEW:
                said = again.stderr.strip()
                wrong.append(f"the next run ({again.returncode}): {said}")
            self._runs[left] = wrong
        return self._runs[left]

    def _everything(self) -> tuple[str, service.State]:
        """Return the digest of all that the next run finds, its caches among it."""
        digest = hashlib.sha256()
        for root in (self.project.parent, self.temporary):
            for path in sorted(root.rglob("*")):
                kind = path.lstat().st_mode
                digest.update(f"{path.relative_to(root)}\0{kind:o}\0".encode())
                # The lock says who had it last, which is another at each run.
                if path.is_symlink():
                    digest.update(bytes(path.readlink()))
                elif path.is_file() and path.name != "lock":
                    digest.update(hashlib.sha256(path.read_bytes()).digest())
        held = service.dump(self._address) if self._address else frozenset()
        return digest.hexdigest(), held

    def _is_told_apart(self) -> bool:
        """Whether a service holds part of a push, and no command will ask it."""
        if not self._address:
            return False
        asked = ("query", "municipalities-in-programme", "--endpoint", "{service}")
        done = self._run(asked)
        return done.returncode == 2 and "stanset halvveis" in done.stderr

    def _settle(self) -> Iterator[str]:
        """Run a command that reads, and yield what is wrong with it."""
        read = self._run(self.command.settle)
        if "Traceback" in read.stderr or read.returncode not in self.command.settled:
            yield f"the next command ({read.returncode}): {read.stderr.strip()}"

    def _wrong_end(
        self, done: subprocess.CompletedProcess[str], fault: str, state: str
    ) -> Iterator[str]:
        said, code = done.stderr.strip(), done.returncode
        if "Traceback" in said:
            yield said
        if fault in SIGNALS:
            # Before Python has its handlers, a signal ends the process by itself.
            ends = {128 + SIGNALS[fault], -SIGNALS[fault]}
        else:
            ends = {2}
            lines = [line for line in said.splitlines() if _says(line, _DO)]
            if code == 2 and (len(lines) != 1 or not lines[0].startswith("glokal: ")):
                yield f"not one line with what to do: {said}"
        if state == NEW:
            ends.add(self.code)
        if code not in ends:
            yield f"exit code {code}, {state}: {said}"
        if code == 2 and state == NEW and not _says(said, _BEFORE):
            yield f"it doesn't say what has changed: {said}"
        if _says(said, _NOTHING) and state != OLD:
            yield f"it says that nothing was changed: {state}"
        told = _says(said, _BEFORE)
        if told and state == OLD and not self.command.apart:
            yield f"it says that something was changed: {said}"

    def _fresh(self) -> None:
        for folder in (self.project.parent, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._before.parent, self.project.parent, symlinks=True)
        self.temporary.mkdir()
        if self._address:
            service.restore(self._address, self._held)

    def _run(
        self, args: tuple[str, ...], log: Path | None = None, inject: str = ""
    ) -> subprocess.CompletedProcess[str]:
        named = {
            "project": self.project,
            "inputs": self._inputs,
            "service": f"{self._address}/query",
        }
        written = [arg.format(**named) if "{" in arg[:9] else arg for arg in args]
        return run(written, self._areas, log=log, inject=inject)

    def _read(self) -> State:
        held = service.dump(self._address) if self._address else frozenset()
        return tree(self.project), held

    def _state(self) -> str:
        files, held = self._read()
        # The publication has a dump whose name begins like that of a leaving.
        own = {k: v for k, v in files.items() if k in self._known or not _is_left(k)}
        now = own, held
        if now == self.new:
            return NEW
        apart = self.command.apart
        if apart and now[0].get(apart) == self.new[0][apart]:
            del now[0][apart]
        return OLD if now == self.old else BETWEEN

    def _left(self) -> list[str]:
        new = _names(self.project) - self._known
        found = [name for name in new if _is_left(name) or name.startswith(".cache")]
        here = [f"{self.temporary}/{name}" for name in _names(self.temporary)]
        here += [n for n in _names(self.project.parent / "state") if _is_left(n)]
        return [f"left: {name}" for name in sorted(found + here)]

    def _going_on(self) -> list[str]:
        until = time.monotonic() + _GONE_SECONDS
        while found := list(_processes(str(self.temporary))):
            if time.monotonic() > until:
                return found
            time.sleep(0.02)
        return []


def _like(one: Call, other: Call) -> bool:
    return (one.name, one.kind, one.area) == (other.name, other.kind, other.area)


def tree(folder: Path) -> dict[str, str]:
    """Return the digest and the permissions of files and folders, caches left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if inside.parts[0] in (".cache", ".git"):
            continue
        content = (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        )
        found[inside.as_posix()] = f"{content} {path.lstat().st_mode:o}"
    return found


def _names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def _is_left(name: str) -> bool:
    """Whether a path is that of something that Glokal has only while it writes."""
    parts = name.split("/")
    return any(p.startswith(_LEAVINGS) or _SITE.fullmatch(p) for p in parts)


def _processes(temporary: str) -> Iterator[str]:
    """Yield the commands of processes that have this folder for temporary files."""
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            # It has ended meanwhile, or is another user's.
            continue
        if f"TMPDIR={temporary}".encode() in environment and command:
            yield command.replace(b"\0", b" ").decode(errors="replace")
