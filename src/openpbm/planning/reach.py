"""Whether the dose reaches: below one chance in ten there is no plan, below one half a caution."""

from __future__ import annotations

from openpbm.planning.prescription import Prescription
from openpbm.safety import Reason, computed

__all__ = ["CAUTION_BELOW", "REFUSED_BELOW", "reach_reasons"]

REFUSED_BELOW = 0.1
CAUTION_BELOW = 0.5


def reach_reasons(prescription: Prescription, reached: list[tuple[str, float, float | None]]) -> list[Reason]:
    """One reason per asked target (structure, depth in mm, chance) that is not reached surely enough."""
    origin = "trials and guidelines" if any(p.origin == "trial" for p in prescription.trial_protocols) else "guidelines"
    found = []
    for structure, depth_mm, chance in reached:
        words = structure.replace("_", " ")
        if chance is None:
            found.append(computed("no_window", structure=words))
        elif chance < CAUTION_BELOW:
            found.append(
                computed(
                    "reach" if chance < REFUSED_BELOW else "reach_uncertain",
                    origin=origin,
                    structure=words,
                    depth=depth_mm,
                    chance=chance,
                    way_out=_WAY_OUT,
                )
            )
    return found


_WAY_OUT = (
    "What would change it: a lamp with more measured output at 800-900 nm, a meter reading instead of the maker's"
    " claim, a nearer or steadier placement, or a target that lies less deep."
)
