"""Whether the dose reaches: below one chance in ten there is no plan, below one half a caution."""

from __future__ import annotations

from openpbm.planning.prescription import Prescription
from openpbm.safety import Reason, computed

__all__ = ["CAUTION_BELOW", "REFUSED_BELOW", "reach_reasons"]

REFUSED_BELOW = 0.1
CAUTION_BELOW = 0.5


def reach_reasons(prescription: Prescription, reached: list[tuple[str, float, float | None, bool]]) -> list[Reason]:
    """One reason per asked target that is not reached surely enough.

    reached : structure, depth [mm], chance in the window, whether a miss is likelier above it than below
    """
    origin = "trials and guidelines" if any(p.origin == "trial" for p in prescription.trial_protocols) else "guidelines"
    found = []
    for structure, depth_mm, chance, above in reached:
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
                    way_out=_TOO_MUCH if above else _TOO_LITTLE,
                )
            )
    return found


_TOO_MUCH = (
    "It is likelier to be above than below, and more is not better. What would change it: fewer minutes, a greater"
    " distance or a weaker lamp."
)
_TOO_LITTLE = (
    "What would change it: a lamp with more measured output at 800-900 nm, a meter reading instead of the maker's"
    " claim, a nearer or steadier placement, or a target that lies less deep."
)
