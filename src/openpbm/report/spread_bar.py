"""Bar of a picture: where p5 to p95 of the dose at the target comes from, part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpbm.planning.depth_panel import LEFT_IN
from openpbm.planning.document.dose import DoseRow, SpreadShares
from openpbm.report.window_wording import spread_parts
from openpbm.wording import in_words, percent_in_words, quantity

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SPREAD_BAR_IN", "draw_spread_bar"]

#: Height that the bar takes with its words [in].
SPREAD_BAR_IN = 0.9
#: Dark to light and apart for every kind of colour vision; the words below stand in the order of the bar.
_COLOURS = ("#12456b", "#d55e00", "#7fb7dc", "#e6d36b")
# Width of a letter of 8.5 points, and what stands around a word [in].
_LETTER_IN, _AROUND_IN = 0.0585, 0.3


def draw_spread_bar(figure: Figure, row: DoseRow, spread: SpreadShares, top_in: float) -> None:
    """Draw the parts of `spread` into `figure`, from `top_in` above its foot downward."""
    dose = row.fluence_j_cm2
    heading = (
        f"Where the spread at the {in_words(row.structure)}, {quantity(dose.p5)} to {quantity(dose.p95)} J/cm²,"
        " comes from"
    )
    _write(figure, LEFT_IN, top_in - 0.16, heading, bold=True)
    bar_in = figure.get_figwidth() - 2 * LEFT_IN
    left_in = word_in = LEFT_IN
    for (name, share), colour in zip(spread_parts(spread).items(), _COLOURS, strict=True):
        _fill(figure, (left_in, top_in - 0.46, share * bar_in, 0.2), colour)
        _fill(figure, (word_in, top_in - 0.71, 0.12, 0.12), colour)
        words = f"{name} {percent_in_words(share)}"
        _write(figure, word_in + 0.17, top_in - 0.7, words)
        left_in += share * bar_in
        word_in += _LETTER_IN * len(words) + _AROUND_IN


def _fill(figure: Figure, box_in: tuple[float, float, float, float], colour: str) -> None:
    from matplotlib.patches import Rectangle

    width_in, height_in = figure.get_size_inches()
    left, foot, wide, high = box_in
    figure.add_artist(
        Rectangle(
            (left / width_in, foot / height_in),
            wide / width_in,
            high / height_in,
            facecolor=colour,
            edgecolor="white",
            linewidth=1.2,
            transform=figure.transFigure,
        )
    )


def _write(figure: Figure, left_in: float, foot_in: float, words: str, *, bold: bool = False) -> None:
    width_in, height_in = figure.get_size_inches()
    weight, size = ("bold", 9.0) if bold else ("normal", 8.5)
    figure.text(left_in / width_in, foot_in / height_in, words, fontsize=size, fontweight=weight)
