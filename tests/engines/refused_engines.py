"""An engine that is known to answer wrongly is refused before anything is written.

RDF4J 5.0 drops rows whose OPTIONAL part is filtered (its issue 5247), in memory and on
disk.
"""

from __future__ import annotations

from pathlib import Path

import httpx2 as httpx
import pytest

from tests.conftest import ROOT, glokal
from tests.engines.servers import RDF4J, engine


@pytest.mark.parametrize("name", RDF4J)
def test_it_is_refused_and_stays_empty(name: str, tmp_path: Path) -> None:
    with engine(name, tmp_path) as (endpoint, _):
        for command in ("push", "check"):
            told = glokal(command, "--endpoint", endpoint, cwd=ROOT)
            assert told.returncode == 2, told.stdout
            assert "answers wrongly: of 3 rows" in told.stderr
            assert "RDF4J 5.0" in told.stderr
        size = httpx.get(f"{endpoint}/size", timeout=60)
        assert size.text == "0"
