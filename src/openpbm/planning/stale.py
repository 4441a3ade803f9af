"""Whether a stored plan would come out differently today: made by another version, other facts or other physics."""

from __future__ import annotations

from openpbm.facts.table import digest
from openpbm.planning.document import Plan
from openpbm.transport import source_digest
from openpbm.version import __version__

__all__ = ["stale"]

# "sha256:" and a dozen digits tell two digests apart.
_DIGITS = 19


def stale(plan: Plan) -> list[str]:
    """One line for each thing the plan was made with that is another now; empty when it is up to date.

    A stale plan is not wrong: it is what was known when it was made.
    """
    made = plan.provenance
    if made is None:
        return ["provenance: not given, so nobody can tell what the plan was made with; make the plan again"]
    compared = (
        ("version of openpbm", made.openpbm, __version__),
        ("tables of facts", made.facts_digest, f"sha256:{digest()}"),
        ("physics of light in tissue", made.transport_digest, f"sha256:{source_digest()}"),
    )
    return [
        f"{what}: the plan was made with {then[:_DIGITS]}, now it is {now[:_DIGITS]}; make the plan again"
        for what, then, now in compared
        if then != now
    ]
