"""Lighthouse's judgement of a page of each kind in the built publication.

`make lighthouse` runs `python -m tests.browser.lighthouse [KIND…]`. Exit code 1 when
accessibility, best practices or SEO is under 100, or performance under 95.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from glokal.core.settings import load_project
from glokal.harvest.static_host import serve_folder
from tests.browser.kinds import samples

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}


def judge(address: str) -> dict[str, int]:
    """Return the points of each category, of a hundred."""
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    done = subprocess.run(
        [
            *(Path(sys.executable).parent / "node", PROGRAM, address, "--quiet"),
            *("--output=json", f"--chrome-flags={flags}"),
            f"--only-categories={','.join(WANTED)}",
        ],
        capture_output=True,
        check=True,
        timeout=300,
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
    )
    report = json.loads(done.stdout)
    for name, audit in report["audits"].items():
        if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary":
            print(f"    {name}: {audit['title']}")
    return {k: round(100 * v["score"]) for k, v in report["categories"].items()}


def main(kinds: list[str]) -> int:
    """Judge the pages of the given kinds, of every kind when none is given."""
    project = load_project(ROOT)
    public = ROOT / "public"
    short = []
    with serve_folder(public, project.address) as host:
        for sample in samples(public, project):
            if sample.lang != project.languages[0] or sample.kind == "missing":
                continue
            if kinds and sample.kind not in kinds:
                continue
            points = judge(host + sample.path)
            print(f"{sample}: {points}", flush=True)
            short += [sample for k, least in WANTED.items() if points[k] < least]
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
