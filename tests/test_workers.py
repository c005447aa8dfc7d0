"""Workers that end, fail to start, or are left: each is seen, and the next is asked."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import re
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import pytest

from glokal.core.errors import ToolError
from glokal.server.spool import RefusedError, Spool
from glokal.server.workers import supervisor, worker_process
from glokal.server.workers.messages import QueryRequest
from glokal.server.workers.pool import WorkerPool
from glokal.server.workers.query_limits import QueryLimits
from glokal.server.workers.worker_process import WorkerProcess
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    script = ROOT / "tests" / "scripted_worker.py"

    def command(_module: str, args: Sequence[str]) -> list[str]:
        return [sys.executable, str(script), *args]

    monkeypatch.setattr(worker_process, "python_command", command)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run it, and see that no task failed without somebody who took note."""
    unseen: list[object] = []

    async def watched() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: unseen.append(context))
        async with asyncio.timeout(100):
            await work

    asyncio.run(watched())
    assert unseen == []


@contextlib.asynccontextmanager
async def pool_in(
    folder: Path,
    bounds: QueryLimits | None = None,
    *,
    remake: Callable[[], Awaitable[None]] | None = None,
    spool: Spool | None = None,
) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(folder, bounds or QueryLimits(), remake=remake, spool=spool)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


async def ask(pool: WorkerPool, text: str) -> bytes:
    answer = await pool.ask(QueryRequest(text))
    assert answer.head.status == 200
    return await answer.body.read()


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await asyncio.sleep(0.01)


async def all_there(pool: WorkerPool) -> None:
    """Wait for those that are on their way: one that comes later isn't killed."""
    await until(lambda: not pool._workers.coming)


def starts(folder: Path) -> int:
    return len(list(folder.glob("start-*")))


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_an_idle_worker_that_is_killed_is_replaced(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def work() -> None:
        async with pool_in(tmp_path) as pool:
            await until(lambda: len(pool._free) == 2)
            for worker in list(pool._all):
                os.kill(worker.pid, signal.SIGKILL)
            # Whether or not the end has been seen yet.
            assert await ask(pool, "ok")
            await until(lambda: len(pool._free) == 2)
            assert pool.ready

    with caplog.at_level(logging.INFO, "glokal.server"):
        run(work())
    fields = [r.fields for r in caplog.records if r.message == "a worker ended"]
    assert [f["reason"] for f in fields] == ["signal SIGKILL"] * 2
    assert starts(tmp_path) == 4


@pytest.mark.parametrize(
    ("text", "reason", "told"),
    [
        ("exit 7", "exit code 7", "1024 MB"),
        ("abort", "signal SIGABRT", "1024 MB"),
        ("memory", "out of memory", "1024 MB"),
    ],
)
def test_a_query_that_ends_its_worker_is_refused_at_once(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    text: str,
    reason: str,
    told: str,
) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1)) as pool:
            with pytest.raises(RefusedError, match=told):
                await ask(pool, text)
            assert await ask(pool, "ok")

    with caplog.at_level(logging.INFO, "glokal.server"):
        run(work())
    (fields,) = (r.fields for r in caplog.records if r.message == "a worker ended")
    assert (fields["reason"], fields["busy"]) == (reason, True)
    # Asked once: no other worker is ended by it.
    assert starts(tmp_path) == 2


# A frame's lengths have 12 bytes; what comes next is its head, then its body.
@pytest.mark.parametrize(
    "text", ["die-once", "half 0", "half 5", "half 20", "half 900"]
)
def test_a_query_whose_worker_is_killed_is_asked_again(
    tmp_path: Path, text: str
) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1)) as pool:
            pid = next(iter(pool._all)).pid
            assert int(await ask(pool, text)) not in (0, pid)

    run(work())


def test_a_query_whose_workers_are_killed_always_is_refused(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path) as pool:
            with pytest.raises(RefusedError, match=r"ended from outside .*SIGKILL"):
                await ask(pool, "die")
            assert await ask(pool, "ok")

    run(work())


def test_a_query_that_has_run_for_long_is_refused_when_its_worker_is_killed(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        limits = QueryLimits(light=1, heavy_after=0.1, again_seconds=0)
        async with pool_in(tmp_path, limits) as pool:
            (worker,) = pool._all
            heavy = asyncio.create_task(ask(pool, "sleep 60"))
            await until(lambda: worker.heavy)
            os.kill(worker.pid, signal.SIGKILL)
            with pytest.raises(RefusedError, match="ended from outside"):
                await heavy
            assert await ask(pool, "ok")
            await until(lambda: len(pool._free) == 1)

    run(work())


@pytest.mark.parametrize("starved", [True, False])
def test_a_query_without_a_processor_is_not_heavy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, starved: bool
) -> None:
    """On a machine with much other work a light query isn't refused as a heavy one."""
    if starved:
        monkeypatch.setattr(WorkerProcess, "waited", property(lambda w: w.seconds))

    async def work() -> None:
        limits = QueryLimits(light=1, heavy=0, heavy_after=0.1, wait_seconds=600)
        async with pool_in(tmp_path, limits) as pool:
            if starved:
                assert await ask(pool, "sleep 0.5")
                return
            with pytest.raises(RefusedError, match="0 heavy queries are running"):
                await ask(pool, "sleep 0.5")

    run(work())


def test_how_long_a_worker_waits_for_a_processor_is_told(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1)) as pool:
            (worker,) = pool._all
            told = Path(f"/proc/{worker.pid}/schedstat").read_text().split()[1]
            assert int(told) / 1e9 <= worker.waited < worker.seconds
            os.kill(worker.pid, signal.SIGKILL)
            await worker.wait()
            assert worker.waited == 0

    run(work())


def test_a_heavy_query_that_has_just_begun_is_asked_again(tmp_path: Path) -> None:
    """On a machine with much other work each query is heavy soon."""

    async def work() -> None:
        limits = QueryLimits(light=1, heavy_after=0.1, again_seconds=600)
        async with pool_in(tmp_path, limits) as pool:
            (worker,) = pool._all
            heavy = asyncio.create_task(ask(pool, "sleep 60"))
            await until(lambda: worker.heavy)
            os.kill(worker.pid, signal.SIGKILL)
            await until(lambda: any(w.heavy for w in pool._all if w is not worker))
            assert not heavy.done()
            heavy.cancel()
            assert await ask(pool, "ok")

    run(work())


def test_workers_that_cant_start_are_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "fail").touch()

    async def work() -> None:
        with pytest.raises(ToolError, match="exit code 3"):
            async with pool_in(tmp_path):
                pass

    run(work())


def test_a_pool_without_workers_says_so_and_comes_back(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(wait_seconds=0.2)) as pool:
            await all_there(pool)
            (tmp_path / "fail").touch()
            for worker in list(pool._all):
                os.kill(worker.pid, signal.SIGKILL)
            await until(lambda: not pool.ready)
            with pytest.raises(RefusedError, match="No worker"):
                await ask(pool, "ok")
            (tmp_path / "fail").unlink()
            await until(lambda: pool.ready)
            await until(lambda: len(pool._free) == 2)
            assert await ask(pool, "ok")

    run(work())


def test_a_query_waits_for_workers_that_start_slowly(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(wait_seconds=0.2)) as pool:
            await all_there(pool)
            (tmp_path / "slow").touch()
            for worker in list(pool._all):
                os.kill(worker.pid, signal.SIGKILL)
            assert await ask(pool, "ok")
            # The one that is asked for may be killed before it is ready.
            for worker in list(pool._all):
                os.kill(worker.pid, signal.SIGKILL)
            await until(lambda: bool(pool._workers._starting))
            os.kill(next(iter(pool._workers._starting)).pid, signal.SIGKILL)
            assert await ask(pool, "ok")

    run(work())


def test_a_query_waits_while_one_of_two_workers_is_replaced(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(wait_seconds=0.2)) as pool:
            await until(lambda: len(pool._free) == 2)
            (tmp_path / "slow").touch()
            busy = asyncio.create_task(ask(pool, "sleep 60"))
            await until(lambda: len(pool._free) == 1)
            os.kill(pool._free.listed()[0].pid, signal.SIGKILL)
            await until(lambda: len(pool._all) == 1)
            assert await ask(pool, "ok")
            busy.cancel()

    run(work())


@pytest.mark.parametrize("taken", [False, True])
def test_a_wait_without_workers_is_none_in_a_queue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    """The time is up when a worker has come again; another one may have taken it."""

    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1)) as pool:
            take, others = pool._free.take, []
            os.kill(next(iter(pool._all)).pid, signal.SIGKILL)
            await until(lambda: not pool._all)

            async def late(_seconds: float) -> worker_process.WorkerProcess:
                monkeypatch.setattr(pool._free, "take", take)
                await until(lambda: len(pool._free) == 1)
                if taken:
                    others.append(asyncio.create_task(ask(pool, "sleep 0.5")))
                    await until(lambda: len(pool._free) == 0)
                raise TimeoutError

            monkeypatch.setattr(pool._free, "take", late)
            assert await ask(pool, "ok")
            await asyncio.gather(*others)

    run(work())


def test_a_queue_that_is_long_is_told_though_a_worker_was_lost_before(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1, wait_seconds=0.2)) as pool:
            os.kill(next(iter(pool._all)).pid, signal.SIGKILL)
            assert await ask(pool, "ok")
            busy = asyncio.create_task(ask(pool, "sleep 0.9"))
            await until(lambda: len(pool._free) == 0)
            with pytest.raises(RefusedError, match="Every worker is busy"):
                await ask(pool, "ok")
            await busy

    run(work())


def test_who_waits_goes_on_when_workers_are_killed_as_they_start(
    tmp_path: Path,
) -> None:
    async def work() -> None:
        limits = QueryLimits(light=1, wait_seconds=0.2)
        async with pool_in(tmp_path, limits) as pool:
            workers = pool._workers
            (tmp_path / "slow").touch()
            (worker,) = pool._all
            os.kill(worker.pid, signal.SIGKILL)
            waiting = asyncio.create_task(ask(pool, "ok"))
            for failures in range(1, 4):
                await until(lambda: bool(workers._starting))
                (starting,) = workers._starting
                os.kill(starting.pid, signal.SIGKILL)
                await until(lambda n=failures: workers.failures == n)
            (tmp_path / "slow").unlink()
            assert await waiting

    run(work())


def test_starts_that_fail_are_put_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "_FIRST_DELAY", 1000)
    monkeypatch.setattr(supervisor, "_LAST_DELAY", 1000)
    # However slow the machine is, the first one counts too.
    monkeypatch.setattr(supervisor, "_SETTLED", 1000)

    async def work() -> None:
        async with pool_in(tmp_path, QueryLimits(light=1)) as pool:
            (tmp_path / "fail").touch()
            os.kill(next(iter(pool._all)).pid, signal.SIGKILL)
            await until(lambda: pool._workers.failures == 2)
            # Long enough for several starts, if they were not put off.
            await asyncio.sleep(1)
            assert starts(tmp_path) == 2
            assert not pool.ready
            # A stop doesn't wait for the next one.

    run(work())


@pytest.mark.parametrize("how", ["at a start", "in a query"])
@pytest.mark.parametrize("takes", [0.1, 1.5])
def test_a_damaged_store_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, how: str, takes: float
) -> None:
    """However long it takes in proportion to what a query waits in a queue."""
    made = []

    async def remake() -> None:
        made.append(1)
        await asyncio.sleep(takes)
        (tmp_path / "unreadable").unlink(missing_ok=True)

    async def work() -> None:
        bounds = QueryLimits(wait_seconds=0.3)
        async with pool_in(tmp_path, bounds, remake=remake) as pool:
            await until(lambda: len(pool._free) == 2)
            before = {worker.pid for worker in pool._all}
            if how == "at a start":
                (tmp_path / "unreadable").touch()
                for pid in before:
                    os.kill(pid, signal.SIGKILL)
                assert await ask(pool, "ok")
            else:
                assert await ask(pool, "damaged")
            await until(lambda: len(pool._free) == 2)
            # Those that had the damaged one open are gone.
            assert before.isdisjoint(worker.pid for worker in pool._all)

    run(work())
    assert made == [1]
    assert "the store is damaged and is made again" in caplog.text


def test_a_store_that_cant_be_made_again_is_told_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def remake() -> None:
        raise OSError(28, "No space left on device")

    async def work() -> None:
        async with pool_in(
            tmp_path, QueryLimits(wait_seconds=0.1), remake=remake
        ) as pool:
            await all_there(pool)
            (tmp_path / "unreadable").touch()
            for worker in list(pool._all):
                os.kill(worker.pid, signal.SIGKILL)
            await until(lambda: not pool.ready)
            await until(lambda: "No space left on device" in caplog.text)
            with pytest.raises(RefusedError):
                await ask(pool, "ok")
            (tmp_path / "unreadable").unlink()
            await until(lambda: pool.ready)
            assert await ask(pool, "ok")

    run(work())


async def wait_for_312(future: Awaitable[Any], seconds: float) -> Any:
    """asyncio.wait_for as it is from Python 3.12 on, whatever runs the test."""
    async with asyncio.timeout(seconds):
        return await future


@pytest.mark.parametrize("late", [False, True])
def test_a_worker_that_is_handed_over_as_the_client_goes_is_not_lost(
    tmp_path: Path, late: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio, "wait_for", wait_for_312)

    async def work() -> None:
        bounds = QueryLimits(light=1, wait_seconds=0.3 if late else 30)
        async with pool_in(tmp_path, bounds) as pool:
            worker = await pool._take()
            waiting = asyncio.create_task(ask(pool, "ok"))
            # It waits for the only worker.
            while not pool._free._permits.locked() or waiting.done():
                await asyncio.sleep(0)
            for _ in range(5):
                await asyncio.sleep(0)
            if late:
                # The loop is held up until the wait is over, and the worker
                # comes back before anybody could see that.
                end = asyncio.get_running_loop().time() + 0.4
                while asyncio.get_running_loop().time() < end:
                    pass
            pool._give(worker)
            if not late:
                waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            await until(lambda: len(pool._free) == len(pool._all) == 1)
            assert await ask(pool, "ok")

    run(work())


def test_clients_that_go_and_workers_that_die_lose_nothing(tmp_path: Path) -> None:
    """By chance, but the same at each run: leave, be cut off by a kill, or answered."""
    # A test before this one may have left a program for its whole file.
    others = children()
    chance = random.Random(7)

    async def work() -> None:
        bounds = QueryLimits(light=2, heavy=2, heavy_after=0.05, seconds=0.3)
        spool = Spool(1, tmp_path)
        async with pool_in(tmp_path, bounds, spool=spool) as pool:
            await until(lambda: len(pool._free) == 2)
            before = open_files()

            async def client() -> None:
                text = chance.choice(["ok", "sleep 0.02", "sleep 9", "big 400000"])
                with contextlib.suppress(RefusedError, TimeoutError):
                    async with asyncio.timeout(chance.random() * 0.4):
                        await ask(pool, text)

            async def killer() -> None:
                for _ in range(12):
                    await asyncio.sleep(chance.random() * 0.2)
                    if pool._all:
                        worker = chance.choice(sorted(pool._all, key=lambda w: w.pid))
                        worker.kill()

            killing = asyncio.create_task(killer())
            for _ in range(12):
                await asyncio.gather(*(client() for _ in range(12)))
            await killing
            await until(lambda: len(pool._free) == len(pool._all) == 2)
            assert await ask(pool, "ok")
            assert (pool._heavy, pool._at_work, pool._workers.coming) == (0, 0, 0)
            assert spool.held == 0
            # A pipe is closed at the loop's next turn: for a moment one is left.
            await until(lambda: open_files() <= before)
        assert children() <= others

    run(work())


def children() -> set[int]:
    found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(pid) for pid in found}


def test_a_stop_ends_all_who_wait(tmp_path: Path) -> None:
    others = children()

    async def work() -> None:
        pool = WorkerPool(tmp_path, QueryLimits(light=1))
        await pool.start()
        at_work = [asyncio.create_task(ask(pool, "sleep 60")) for _ in range(5)]
        await asyncio.sleep(0.2)
        await pool.stop()
        for error in await asyncio.gather(*at_work, return_exceptions=True):
            assert re.search("stopping", str(error))
        assert children() <= others

    run(work())


def test_a_pool_that_is_to_end_waits_for_its_queries(tmp_path: Path) -> None:
    async def work() -> None:
        async with pool_in(tmp_path) as pool:
            await until(lambda: len(pool._free) == 2)
            pool.shrink()
            await until(lambda: len(pool._all) == 1)
            last = asyncio.create_task(ask(pool, "sleep 0.5"))
            await until(lambda: pool._at_work == 1)
            await pool.finish(60)
            assert last.done()
            assert await last

    run(work())


def test_an_answer_without_room_leaves_the_worker_usable(tmp_path: Path) -> None:
    async def work() -> None:
        spool = Spool(2, tmp_path)
        async with pool_in(tmp_path, QueryLimits(light=1), spool=spool) as pool:
            held = await pool.ask(QueryRequest("big 1500000"))
            pid = await ask(pool, "ok")
            with pytest.raises(RefusedError, match="2 MB of answers"):
                await ask(pool, "big 1500000")
            # Small ones are answered, and by the same worker as before.
            assert await ask(pool, "ok") == pid
            body = await held.body.read()
            assert body == b"abcdefgh" * (1500000 // 8)
            assert await ask(pool, "big 1500000") == body
            assert spool.held == 0

    run(work())
