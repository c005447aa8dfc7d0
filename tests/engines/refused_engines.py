"""An engine that is known to answer wrongly is refused before anything is written.

RDF4J 5.0 drops rows whose OPTIONAL part is filtered (its issue 5247), in memory and on
disk.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import httpx2 as httpx
import pytest

from tests.conftest import ROOT, glokal
from tests.engines.servers import RDF4J, RDF4J_SERVER, RDF4J_WRONG, rdf4j


@pytest.mark.parametrize("store", RDF4J.values())
def test_it_is_refused_and_stays_empty(store: str, tmp_path: Path) -> None:
    with rdf4j(tmp_path, store, RDF4J_WRONG) as endpoint:
        for command in ("push", "check"):
            told = glokal(command, "--endpoint", endpoint, cwd=ROOT)
            assert told.returncode == 2, told.stdout
            assert "answers wrongly: of 3 rows" in told.stderr
            assert "RDF4J 5.0" in told.stderr
        size = httpx.get(f"{endpoint}/size", timeout=60)
        assert size.text == "0"


def test_the_server_that_is_tried_is_of_one_version() -> None:
    """It is put together from libraries, so that one of another might slip in."""
    versions = set()
    for jar in (RDF4J_SERVER / "WEB-INF" / "lib").glob("rdf4j-*.jar"):
        with zipfile.ZipFile(jar) as archive:
            if any(name.endswith(".class") for name in archive.namelist()):
                versions.add(jar.stem.rpartition("-")[2])
    assert len(versions) == 1
