"""Glokal from Python: what other programs may build on.

Everything listed in `__all__` here is kept by semantic versioning: it changes its
meaning, or goes, only with a new major version (before 1.0.0, a new minor one), and the
changelog says so. Every other module, and every name that begins with `_`, is private
and may change at any time.

Each error has `what`, `remedy` and `place`, and `GlokalError` is the root of all; any
call may raise a SourceError, a ToolError or a MachineError besides those it names.

The examples are run on the invented region of the tests, in the folder `fjordland`.
"""

from __future__ import annotations

from glokal.api.project import Project, open_project
from glokal.api.validation import validate
from glokal.api.values import Answer, Difference, Finding, Outcome, Passage, Question
from glokal.core.errors import (
    ConfigError,
    FindingsError,
    GlokalError,
    InputError,
    MachineError,
    MissingExtraError,
    Place,
    SourceError,
    ToolError,
    UsageError,
)
from glokal.core.plugins import PortalRules
from glokal.sparql.plain_values import PlainValue

__all__ = [
    "Answer",
    "ConfigError",
    "Difference",
    "Finding",
    "FindingsError",
    "GlokalError",
    "InputError",
    "MachineError",
    "MissingExtraError",
    "Outcome",
    "Passage",
    "Place",
    "PlainValue",
    "PortalRules",
    "Project",
    "Question",
    "SourceError",
    "ToolError",
    "UsageError",
    "open_project",
    "validate",
]
