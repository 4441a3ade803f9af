"""The chart of bands that the server draws: values stand where the axis says, whatever they are."""

from __future__ import annotations

import pytest

from openpbm.care.band_chart import draw_bands


def corners(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def test_values_lie_on_the_marks_of_their_axis() -> None:
    chart = draw_bands(
        [0.0, 7.0, 14.0],
        across="days",
        bands={"band-sham": ([-2.0, -4.0, -4.0], [2.0, 0.0, 4.0])},
        lines={"line-sham": [0.0, -2.0, 0.0]},
        dots=[(7.0, 2.0)],
        limits=(-4.0, 4.0),
    )
    marks = {tick.text: tick.at for tick in chart.y_ticks}
    assert list(marks) == ["−4", "−2", "0", "2", "4"]
    assert (marks["−4"], marks["4"]) == (chart.bottom, chart.top)
    (_, low), (x, middle), _ = ((place, at) for place, at in corners(chart.lines["line-sham"]))
    assert [low, middle] == pytest.approx([marks["0"], marks["−2"]], abs=0.1)
    (dot,) = chart.dots
    assert list(dot) == pytest.approx([x, marks["2"]], abs=0.1)
    outline = corners(chart.bands["band-sham"])
    assert [y for _, y in outline] == pytest.approx(
        [marks[text] for text in ["2", "0", "4", "−4", "−4", "−2"]], abs=0.1
    )


@pytest.mark.parametrize("flat", [0.0, 3.0])
def test_what_does_not_change_has_an_axis_too(flat: float) -> None:
    chart = draw_bands([0.0, 60.0], across="minutes", bands={}, lines={"line-light": [flat, flat]})
    assert chart.y_ticks
    assert len(chart.x_ticks) > 3
    assert all(chart.top <= y <= chart.bottom for _, y in corners(chart.lines["line-light"]))
