"""Which reasoner works out what follows in a project, and explains it.

The settings choose it (`reasoner`); where HermiT isn't installed the rules work out the
same, or refuse what they can't do (docs/decisions/0016).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pyoxigraph as ox

from glokal.core.child_process import number_setting
from glokal.core.errors import MissingExtraError
from glokal.core.extras import has_extra, install_command
from glokal.core.namespaces import GLO
from glokal.core.settings import Project
from glokal.reasoning.entailments import Entailments
from glokal.reasoning.explanation import Explanation, explain_inferred
from glokal.reasoning.hermit import MEMORY, TIME_LIMIT, reason_with_hermit
from glokal.reasoning.rules import reason_by_rules
from glokal.reasoning.unsupported_axioms import UncoveredError

# Joint activities are counted by these: two names are two authorities.
COUNTED = (GLO + "MunicipalAuthority",)


def infer(project: Project, triples: Collection[ox.Triple]) -> Entailments:
    """Return what follows from triples by the ontology's axioms.

    HermiT's answer is kept in the project's cache. Its limits of time and memory are
    GLOKAL_REASON_SECONDS and GLOKAL_REASON_MEGABYTES. Raises MissingExtraError where
    it isn't installed and the rules can't do its work.
    """
    if project.reasoner == "rules":
        return _by_rules(triples)
    if lacks_reasoner(project):
        try:
            return _by_rules(triples)
        except UncoveredError as error:
            raise MissingExtraError(
                f"{error.what} HermiT could; it is not installed.",
                remedy=install_command(["reason"]),
            ) from error
    return reason_with_hermit(
        triples,
        namespaces=(GLO,),
        different=COUNTED,
        time_limit=number_setting("GLOKAL_REASON_SECONDS", TIME_LIMIT),
        megabytes=int(number_setting("GLOKAL_REASON_MEGABYTES", MEMORY)),
        cache=project.cache("reason"),
    )


def explain_inferences(
    project: Project, triples: Collection[ox.Triple], inferred: Collection[ox.Triple]
) -> Mapping[ox.Triple, Explanation]:
    """Return why each inferred triple follows from the others; none from rules."""
    if project.reasoner == "rules" or lacks_reasoner(project):
        return {}
    return explain_inferred(triples, inferred)


def lacks_reasoner(project: Project) -> bool:
    """Return whether the reasoner that the project asks for isn't installed."""
    return project.reasoner == "hermit" and not has_extra("reason")


def _by_rules(triples: Collection[ox.Triple]) -> Entailments:
    return reason_by_rules(triples, namespaces=(GLO,), different=COUNTED)
