"""What a stranger's data may put on a page, and where a build may write."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from glokal.core.errors import SourceError
from glokal.core.files.symlinks import path_below
from tests.conftest import ROOT, glokal

# Ends an attribute, an element, a script and a comment, each of which would begin code.
HOSTILE = (
    "<img src=x onerror=alert(1)>\"'><script>alert(2)</script></title></textarea>"
    "--> ]]> {{7*7}} ${x} `y` <!--"
)
ADDRESSES = (
    "<javascript:alert(1)>, <javascript://x.example/%0aalert(1)>, <JAVASCRIPT://x/>, "
    "<data:text/html,x>, <vbscript://x/y>, <http://a.example/?'x'onclick=alert(1)>"
)
SAFE_SCHEMES = {"http", "https", "mailto", "urn"}


class Page(HTMLParser):
    """Notes whatever on a page could run, or lead to what runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = self.hostile = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.scripts += tag == "script"
        # What is framed opens its links outside the frame; no base moves them.
        aside = tag == "base" and attrs == [("target", "_blank")]
        if tag in ("img", "iframe", "object", "embed", "base") and not aside:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.found.append(f"{tag} {name}={value}")
            scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", value or "")
            leads = name in ("href", "src", "action", "xlink:href") and scheme
            if leads and scheme and scheme[1].lower() not in SAFE_SCHEMES:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.hostile += "onerror=alert(1)" in data


def test_no_text_and_no_address_of_the_data_runs(region: Path) -> None:
    escaped = HOSTILE.replace('"', '\\"')
    data = region / "data/strategy/fjordland.ttl"
    text = re.sub(
        r'"(Brevvenner|Pen friends|Nordplus|Fjordlandsrådet|Vik kommune)"@',
        lambda m: f'"{m[1]} {escaped}"@',
        data.read_text(encoding="utf-8"),
    )
    rdfs = "http://www.w3.org/2000/01/rdf-schema#"
    data.write_text(
        f"{text}\nactivity:brevvenner <{rdfs}seeAlso> {ADDRESSES} ; "
        f"<http://xmlns.com/foaf/0.1/homepage> {ADDRESSES} .\n",
        encoding="utf-8",
    )
    settings = region / "publication.toml"
    said = re.sub(
        r'"(Fjordlands strategi|The strategy of Fjordland|Oppdiktede data\.|fjorder)"',
        lambda m: f'"""{m[1]} {escaped}"""',
        settings.read_text(encoding="utf-8"),
    )
    settings.write_text(said, encoding="utf-8")
    query = region / "queries/municipalities-in-programme.rq"
    asked = query.read_text(encoding="utf-8")
    summary = "'Hvilke " + HOSTILE.replace("'", "''") + "'"
    asked = asked.replace("Hvilke kommuner har aktiviteter under et program?", summary)
    query.write_text(f"{asked}\n# {HOSTILE}\n", encoding="utf-8")
    shown = glokal("build", "-o", "out", cwd=region)
    assert shown.returncode == 0, shown.stderr
    pages = [Page(p.read_text("utf-8")) for p in (region / "out").rglob("*.html")]
    assert [fault for page in pages for fault in page.found] == []
    # It is there, as text.
    assert sum(page.hostile for page in pages) > 20
    assert max(page.scripts for page in pages) <= 2


SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://example.org/s> a sh:NodeShape ; sh:targetClass <http://example.org/none> ;
  sh:property [ sh:path <http://example.org/p> ; sh:minCount 1 ] .
"""
# A region with an ontology and shapes of its own, which ask for nothing.
AWAY = "code/subject-area/../../../../../outside/x"


def test_no_iri_leads_a_build_out_of_its_folder(region: Path) -> None:
    shutil.copytree(ROOT / "ontology", region / "ontology")
    (region / "shapes").mkdir()
    for path in (ROOT / "shapes").glob("*.ttl"):
        (region / "shapes" / path.name).write_text(SHAPE)
    for path in (
        region / "ontology/common-codes.ttl",
        region / "data/strategy/fjordland.ttl",
    ):
        text = path.read_text(encoding="utf-8")
        assert "subject-area:education" in text
        iri = f"<https://w3id.org/glokal/{AWAY}>"
        path.write_text(text.replace("subject-area:education", iri), encoding="utf-8")
    before = sorted(region.parent.iterdir())
    shown = glokal("build", "-o", "out", cwd=region)
    assert shown.returncode == 1 and "leads elsewhere" in shown.stderr
    assert sorted(region.parent.iterdir()) == before
    assert not (region / "out").exists() and not list(region.rglob("outside"))


@pytest.mark.parametrize(
    "name", ["../x", "a/../x", "/x", "a//x", ".", "a/.", "a\0", ""]
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match="leads elsewhere"):
        path_below(tmp_path, name)


@pytest.mark.parametrize("name", ["x", "a/x.ttl", ".well-known/void", "a/..x", "a b"])
def test_a_name_below_is_taken(tmp_path: Path, name: str) -> None:
    assert path_below(tmp_path, name) == tmp_path / name
