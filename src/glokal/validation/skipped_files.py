"""A note for each file or folder that is left out, so that nobody believes it read."""

from __future__ import annotations

from collections.abc import Iterator

from glokal.core.errors import Place, SourceError
from glokal.core.settings import Project
from glokal.dataset.releases.edition_records import read_records
from glokal.rdf.project_files import folder_of, left_out
from glokal.validation.finding import Finding, Severity, make_finding

STEP = "syntax"
# Rows that are expected of no query are a test that never runs.
_SEVERITY = {"no-query": Severity.WARNING}


def check_left_out(project: Project) -> Iterator[Finding]:
    """Yield a finding for what is left out of a project's own folders."""
    for name, why in left_out(project):
        yield skipped_finding(name, why)


def check_unread(project: Project) -> Iterator[SourceError]:
    """Yield what is wrong with the folders of editions and drafts: no graph has them,

    so nobody comes upon it.
    """
    for name in ("editions", "drafts"):
        try:
            wrong = folder_of(project, name).wrong
            yield from wrong
            if name == "editions" and not wrong:
                read_records(project)
        except SourceError as error:
            yield error


def skipped_finding(name: str, why: str) -> Finding:
    """Return the finding for a file; `why` is hidden, empty, unknown or no-query."""
    severity = _SEVERITY.get(why, Severity.INFO)
    return make_finding(STEP, why, severity=severity, place=Place(name))
