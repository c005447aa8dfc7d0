"""One browser and one server for all tests in the browser.

Playwright's event loop has a thread of its own, where these tests run too: other tests
start loops themselves, and a thread has room for one.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from glokal.dataset.workspace import Workspace
from glokal.harvest.static_host import serve_folder
from tests.browser.kinds import Sample, samples
from tests.browser.survey import NARROW, WIDE, Seen, look_at_all
from tests.servers import serving

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
THREAD = ThreadPoolExecutor(1, "browser")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the tests of this folder in the browser's thread."""
    if Path(__file__).parent not in pyfuncitem.path.parents:
        return None
    names = pyfuncitem._fixtureinfo.argnames
    given = {name: pyfuncitem.funcargs[name] for name in names}
    THREAD.submit(pyfuncitem.obj, **given).result()
    return True


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, which never fetches anything by itself."""
    assert CHROMIUM, "chromium is missing: sudo apt-get install chromium"
    started = THREAD.submit(sync_playwright().start).result()
    opened = THREAD.submit(
        started.chromium.launch, executable_path=CHROMIUM, args=QUIET
    ).result()
    yield opened
    THREAD.submit(opened.close).result()
    THREAD.submit(started.stop).result()


@pytest.fixture(scope="session")
def public(publication: Path) -> Path:
    return publication / "public"


@pytest.fixture(scope="session")
def static(public: Path, strategy: Workspace) -> Iterator[str]:
    """The address of the publication on a host of files."""
    with serve_folder(public, strategy.project.address) as host:
        yield host


@pytest.fixture(scope="session")
def live(publication: Path) -> Iterator[str]:
    """The address of the publication on `glokal serve`."""
    with serving(publication) as server:
        yield server.address + "/"


@pytest.fixture(scope="session")
def pages(public: Path, strategy: Workspace) -> list[Sample]:
    return samples(public, strategy.project)


@pytest.fixture(scope="session")
def seen(browser: Browser, static: str, pages: list[Sample]) -> dict[Sample, Seen]:
    """What there is to see on a page of each kind."""
    return THREAD.submit(look_at_all, browser, static, pages).result()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = THREAD.submit(browser.new_context, viewport=WIDE, locale="nb").result()
    yield made
    THREAD.submit(made.close).result()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return THREAD.submit(context.new_page).result()


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page in a browser without JavaScript."""
    made = THREAD.submit(
        browser.new_context, viewport=NARROW, java_script_enabled=False
    ).result()
    yield THREAD.submit(made.new_page).result()
    THREAD.submit(made.close).result()
