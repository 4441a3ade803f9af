"""The curve left the frame before the target, four bands hid each other, and a reader had to look up what arrives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from openpbm.picture_style import save_picture
from openpbm.planning import load_plan
from openpbm.report import dose_pictures
from openpbm.report.dose_pictures import draw_dose_depth


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The figure of a plan's content."""

    kept: list[Any] = []

    def keep_and_save(figure: Any, path: Path) -> Path:
        kept.append(figure)
        return save_picture(figure, path)

    def draw(content: dict[str, Any]) -> Any:
        draw_dose_depth(load_plan(content), tmp_path / "dose_depth.png")
        return kept[-1]

    monkeypatch.setattr(dose_pictures, "save_picture", keep_and_save)
    return draw


def words_on(figure: Any) -> str:
    from matplotlib.text import Text

    return " | ".join(text.get_text() for text in figure.findobj(Text) if text.get_text())


def test_it_says_what_reaches_the_target_in_joules_and_as_a_part_of_the_dose_at_the_skin(
    drawn: Any, allowed: dict[str, Any]
) -> None:
    words = words_on(drawn(allowed)).replace("\n", " ")
    assert "3.1 J/cm² reach the gastrocnemius, 7.5 % of the dose at the skin" in words
    assert "90 of 100 cases (p5 to p95), 1.2 to 6.2 J/cm² at the gastrocnemius" in words
    assert "what the trials’ lamps bring there, by our own model, 0.9 to 6.7 J/cm²" in words
    assert "part of the dose at the skin (41 J/cm²)" in words


def test_the_bar_says_where_the_spread_comes_from_and_adds_up(drawn: Any, allowed: dict[str, Any]) -> None:
    figure = drawn(allowed)
    words = words_on(figure)
    for part in ("optics of the tissue 55 %", "fat and depth 20 %", "output of the lamp 22 %", "placement 3 %"):
        assert part in words
    bars = [patch for patch in figure.get_children() if patch.__class__.__name__ == "Rectangle"]
    widths = [patch.get_width() for patch in bars if patch is not figure.patch]
    shares = [width / 0.9625 for width in widths[::2]]
    assert shares == pytest.approx([0.55, 0.2, 0.22, 0.03], rel=1e-6)


def test_without_shares_there_is_no_bar(drawn: Any, allowed: dict[str, Any]) -> None:
    allowed["dose"][0]["spread"] = None
    assert "comes from" not in words_on(drawn(allowed))


def test_there_is_one_band_of_all_wavelengths_together(drawn: Any, allowed: dict[str, Any]) -> None:
    from matplotlib.collections import PolyCollection

    bands = drawn(allowed).findobj(PolyCollection)
    assert len(bands) == 1
    together = allowed["curves"][0]["wavelengths"][2]["points"]
    at_skin = [y for x, y in bands[0].get_paths()[0].vertices if x == pytest.approx(together[0]["depth_mm"])]
    assert (min(at_skin), max(at_skin)) == pytest.approx(
        (together[0]["fluence_j_cm2"]["p5"], together[0]["fluence_j_cm2"]["p95"])
    )


def test_every_structure_of_the_site_is_marked_and_the_axis_reaches_the_deepest(
    drawn: Any, allowed: dict[str, Any]
) -> None:
    deep = {**allowed["dose"][0], "structure": "tibial_nerve", "depth_mm": 24.0, "depth_range_mm": [20.0, 27.0]}
    deep["fluence_j_cm2"] = {"p5": 0.001, "median": 0.01, "p95": 0.2}
    allowed["dose"].append(deep)
    figure = drawn(allowed)
    assert "tibial nerve: 0.01 J/cm², 1 in 4100" in words_on(figure)
    axes = figure.axes[0]
    assert axes.get_xlim()[1] > 27.0
    assert axes.get_ylim()[0] < 0.01


def test_a_window_that_tells_no_lamps_apart_is_said_to(drawn: Any, allowed: dict[str, Any]) -> None:
    assert "cannot tell" not in words_on(drawn(allowed))
    allowed["curves"][0]["window_j_cm2"] = [0.05, 5.0]
    assert "100-fold wide, it cannot tell one lamp from another" in words_on(drawn(allowed))
