"""Whether a stored plan would come out differently today: made by another version, other facts or other physics."""

from __future__ import annotations

from openpbm.errors import Problem
from openpbm.facts.table import digest
from openpbm.planning.document import Plan
from openpbm.version import SOURCES, __version__, sources_digest

__all__ = ["stale"]

# "sha256:" and a dozen digits tell two digests apart.
_DIGITS = 19
_REMEDY = "make the plan again"


def stale(plan: Plan) -> list[Problem]:
    """A problem for each thing the plan was made with that is another now; empty when it is up to date.

    A stale plan is not wrong: it is what was known when it was made.
    """
    made = plan.provenance
    if made is None:
        message = "not given, so nobody can tell what the plan was made with"
        return [Problem(key="provenance", message=message, remedy=_REMEDY)]
    compared = (
        ("version of openpbm", made.openpbm, __version__),
        ("tables of facts", made.facts_digest, f"sha256:{digest()}"),
        ("physics of light in tissue", made.transport_digest, f"sha256:{sources_digest(SOURCES / 'transport')}"),
    )
    return [
        Problem(
            key=what,
            message=f"the plan was made with {then[:_DIGITS]}, now it is {now[:_DIGITS]}",
            remedy=_REMEDY,
        )
        for what, then, now in compared
        if then != now
    ]
