"""How wide a dose and a window are, in the words of the report, the terminal and the workbench."""

from __future__ import annotations

import math

from openpbm.planning import Plan
from openpbm.planning.document.dose import Range, SpreadShares
from openpbm.planning.document.treatment import tells_lamps_apart, window_fold
from openpbm.wording import in_words, percent_in_words, quantity

__all__ = [
    "STANDARD_ERROR_WORDS",
    "fold_in_words",
    "spread_in_words",
    "spread_parts",
    "wide_windows_in_words",
]

#: What stands once below every table of shares with their error.
STANDARD_ERROR_WORDS = (
    "± is one standard error, in per cent: how far another draw of the cases may move the share."
    " What the model itself gets wrong is not in it."
)


def wide_windows_in_words(plan: Plan) -> list[str]:
    """One sentence for each structure whose window is too wide to tell one lamp from another."""
    sentences = (
        f"“As in the trials” is {fold_in_words(window)} wide at the {in_words(structure)},"
        f" from {quantity(window[0])} to {quantity(window[1])} J/cm²: it cannot tell one lamp from another."
        for (_site, _side, structure), window in plan.windows.items()
        if not tells_lamps_apart(window)
    )
    # Left and right of a site have the same window.
    return list(dict.fromkeys(sentences))


def fold_in_words(window_j_cm2: Range) -> str:
    """How many times its low edge a window's high one is.

    >>> fold_in_words((0.036, 1.6)), fold_in_words((0.0, 1.6))
    ('44-fold', 'without measure')
    """
    fold = window_fold(window_j_cm2)
    return f"{quantity(fold)}-fold" if math.isfinite(fold) else "without measure"


def spread_parts(spread: SpreadShares) -> dict[str, float]:
    """Each part of where p5 to p95 comes from, by its name in words [-]."""
    return {
        "optics of the tissue": spread.optics,
        "fat and depth": spread.anatomy,
        "output of the lamp": spread.lamp,
        "placement": spread.placement,
    }


def spread_in_words(spread: SpreadShares) -> str:
    """Where p5 to p95 comes from, as a list.

    >>> spread_in_words(SpreadShares(optics=0.57, anatomy=0.25, lamp=0.17, placement=0.01))
    'optics of the tissue 57 %, fat and depth 25 %, output of the lamp 17 %, placement 1 %'
    """
    return ", ".join(f"{name} {percent_in_words(share)}" for name, share in spread_parts(spread).items())
