"""The pictures of the documents: the start page, a finding of a check, the workbook.

`make pictures` builds the publication and takes them anew in Debian's Chromium. The
fault is made in a copy of the invented region: an authority loses its name in bokmål.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from glokal.core.settings import load_project
from glokal.harvest.static_host import serve_folder
from tests.sheet_pictures import sheets

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
NAME, OTHER = '"Nes kommune"@nb', '"Nes Municipality"@en'
CHECK = ("check", "--only", "hygiene", "--only", "shacl", "--lang", "nb")


def start(page: Page) -> None:
    """Take the first screen of the built publication."""
    project = load_project(ROOT)
    page.set_viewport_size({"width": 1280, "height": 960})
    with serve_folder(ROOT / "public", project.address) as host:
        page.goto(host, wait_until="networkidle")
        page.screenshot(path=PICTURES / "start.png")


def finding(page: Page) -> None:
    """Take the whole report of a check that finds one fault."""
    with tempfile.TemporaryDirectory() as place:
        region = Path(place) / "fjordland"
        shutil.copytree(ROOT / "tests/region", region)
        data = region / "data/strategy/fjordland.ttl"
        text = data.read_text(encoding="utf-8")
        assert f"{NAME} ,\n    {OTHER}" in text, "the region says it in other words"
        data.write_text(text.replace(f"{NAME} ,\n    {OTHER}", OTHER), encoding="utf-8")
        report = Path(place) / "report.html"
        subprocess.run(
            [sys.executable, "-m", "glokal", *CHECK, "--report", f"html={report}"],
            cwd=region, capture_output=True, check=False,
        )  # fmt: skip
        page.set_viewport_size({"width": 900, "height": 400})
        page.goto(report.as_uri())
        page.screenshot(path=PICTURES / "finding.png", full_page=True)


@contextmanager
def browser_page() -> Iterator[Page]:
    """A page in light colours, in bokmål."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield chromium.new_page(color_scheme="light", locale="nb")
        chromium.close()


if __name__ == "__main__":
    with browser_page() as shown:
        start(shown)
        finding(shown)
    sheets(PICTURES)
    print(f"Taken anew: {PICTURES}")
