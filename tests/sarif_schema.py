"""SARIF reports against OASIS' own schema, which stays out of the repository.

Run with `python -m tests.sarif_schema FILE` (make test-sarif SCHEMA=…). The tests hold
the same reports against `sarif.schema.json`, which is written by hand.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema

from tests.conftest import ROOT, copy_project, glokal
from tests.test_constraint_messages import FAULTS, plant


def samples(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield reports: with each fault of SHACL, without any, of a project, broken."""
    faults = [
        f
        for name, f in FAULTS.items()
        if name not in ("missing-mark", "unknown-prefix")
    ]
    for number, changes in enumerate(([], faults[:3] + faults[4:])):
        inside = folder / f"{number}"
        inside.mkdir()
        plant(inside, *changes)
        files = ("--shapes", "shapes.ttl", "--data", "data.ttl")
        yield _sarif("validate", *files, cwd=inside)
    project = copy_project(ROOT, folder / "my copy")
    path = project / "data" / "strategy" / "places.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"Sweden"@en', '"Sverige "@nb'), encoding="utf-8")
    steps = ("--only", "shacl", "--only", "hygiene", "--only", "quotes")
    yield _sarif("check", *steps, cwd=project)
    path.write_text(text.replace('"Sweden"@en', '"Sweden@en'), encoding="utf-8")
    yield _sarif("check", *steps, cwd=project)


def _sarif(*args: str, cwd: Path) -> dict[str, Any]:
    shown = glokal(*args, "--format", "sarif", cwd=cwd)
    assert shown.returncode in (0, 1), shown.stderr
    told: dict[str, Any] = json.loads(shown.stdout)
    return told


def errors(report: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return what a schema has against a report."""
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(report)]


def main() -> None:
    """Hold the samples against a schema; exit 1 at the first one that breaks it."""
    schema = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    named = f"{schema.get('$id')} {schema.get('id')}"
    assert "sarif" in named, "this is not the schema of SARIF"
    with tempfile.TemporaryDirectory() as folder:
        found = [errors(report, schema) for report in samples(Path(folder))]
    print(f"{sum(not wrong for wrong in found)} of {len(found)} reports are valid")
    sys.exit("\n".join(line for wrong in found for line in wrong) or 0)


if __name__ == "__main__":
    main()
