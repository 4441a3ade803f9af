"""Whether the dose reaches: below one chance in ten there is no plan, below one half a caution."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.planning.prescription import Prescription
from openpbm.reason import Reason
from openpbm.safety import computed

__all__ = ["CAUTION_BELOW", "NEGLIGIBLE_J_CM2", "REFUSED_BELOW", "Reached", "reach_reasons"]

REFUSED_BELOW = 0.1
CAUTION_BELOW = 0.5
# Laboratory doses begin far above this; below it a window says next to nothing. An assumption, unverified.
NEGLIGIBLE_J_CM2 = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What one session brings to an asked target: median fluence [J/cm2], chance to be in the window, its high edge."""

    structure: str
    depth_mm: float
    median_j_cm2: float
    chance: float | None
    window_high_j_cm2: float | None


def reach_reasons(prescription: Prescription, reached: list[Reached]) -> list[Reason]:
    """One reason per asked target that is not reached surely enough.

    reached : one per asked target
    """
    origin = "trials and guidelines" if any(p.origin == "trial" for p in prescription.trial_protocols) else "guidelines"
    found = []
    for target in reached:
        words, chance = target.structure.replace("_", " "), target.chance
        # No window is no verdict on reach: a caution says so, and the plan may go on.
        if chance is None or target.window_high_j_cm2 is None:
            found.append(computed("no_window", structure=words))
            continue
        if target.window_high_j_cm2 < NEGLIGIBLE_J_CM2:
            found.append(computed("window_negligible", structure=words, high=target.window_high_j_cm2))
        if chance < CAUTION_BELOW:
            found.append(
                computed(
                    "reach" if chance < REFUSED_BELOW else "reach_uncertain",
                    origin=origin,
                    structure=words,
                    depth=target.depth_mm,
                    chance=chance,
                    # A small chance can also mean too much light, and then more minutes are the wrong advice.
                    remedy=_TOO_MUCH if target.median_j_cm2 > target.window_high_j_cm2 else _TOO_LITTLE,
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
