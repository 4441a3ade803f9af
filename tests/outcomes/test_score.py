"""The scorer: published examples by hand, properties for every scale, and no silent number."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import BadInput
from openpbm.facts.scales import Scale, ScaleItem, scales
from openpbm.outcomes.measures.scoring import band_of, score


def filled(row: Scale, answer: float) -> dict[str, float | None]:
    return {item.id: answer for item in row.items}


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "none"),
        (1, "mild"),
        (10, "mild"),
        (11, "moderate"),
        (20, "moderate"),
        (21, "severe"),
        (30, "severe"),
        (31, "very severe"),
    ],
)
def test_irls_bands(total: int, band: str) -> None:
    """Published bands: 0 none, 1-10 mild, 11-20 moderate, 21-30 severe, 31-40 very severe."""
    answers = {str(item): float(min(4, max(0, total - 4 * (item - 1)))) for item in range(1, 11)}
    found = score(scales["irls"], answers)
    assert (found.value, found.band) == (total, band)


def test_irls_subscales() -> None:
    """Item weights 1, 10, 100 would be seen: item 3 counts in the total alone."""
    found = score(scales["irls"], filled(scales["irls"], 0) | {"3": 4, "5": 1, "8": 2})
    assert found.value == 7
    assert dict(found.subscales) == {"symptoms": 2, "impact": 1}


def test_irls_is_prorated_from_eight_answers_and_refused_at_seven() -> None:
    """Closed form: eight answers of 3 stand for ten, 30 points; seven make no number."""
    eight = score(scales["irls"], {str(item): 3 for item in range(1, 9)})
    assert eight.value == pytest.approx(30)
    assert (eight.prorated, eight.completeness) == (True, 0.8)
    seven = score(scales["irls"], {str(item): 3 for item in range(1, 8)})
    assert (seven.value, seven.band, seven.prorated) == (None, None, False)
    assert seven.missing == ("8", "9", "10")


def test_isi_is_not_prorated() -> None:
    found = score(scales["isi"], dict.fromkeys("123456", 4.0))
    assert (found.value, found.missing) == (None, ("7",))


def test_cipn20_percentages() -> None:
    """EORTC linear rule: all 2 of 1-4 is a third; half of a part is enough, less is not."""
    found = score(scales["cipn20"], filled(scales["cipn20"], 2))
    assert found.value is None
    assert found.subscales["sensory"] == pytest.approx(100 / 3)
    assert found.subscales["sensory_raw"] == 18
    few = score(scales["cipn20"], {"1": 4, "2": 4, "3": 4, "4": 1, "16": 1, "17": 4})
    assert few.subscales["sensory"] is None
    assert few.subscales["autonomic"] == pytest.approx(50)


def test_mnsi_counts_thirteen_and_reverses_two() -> None:
    """Published key: items 4 and 10 do not count, 7 and 13 count when answered no."""
    none = filled(scales["mnsi_a"], 0) | {"7": 1, "13": 1}
    assert score(scales["mnsi_a"], none).value == 0
    assert score(scales["mnsi_a"], none | {"4": 1, "10": 1}).value == 0
    assert score(scales["mnsi_a"], none | {"7": 0, "15": 1}).value == 2


def test_weights_of_s_lanss_and_of_spreading_pain() -> None:
    """Published points: 5, 5, 3, 2, 1, 5, 3 and two for pain that spreads."""
    points = []
    for number in "1234567":
        points.append(score(scales["s_lanss"], filled(scales["s_lanss"], 0) | {number: 1}).value)
    assert points == [5, 5, 3, 2, 1, 5, 3]
    assert score(scales["paindetect"], filled(scales["paindetect"], 0) | {"9": 1}).value == 2


def test_fact_ntx_is_high_when_nothing_troubles() -> None:
    """Published direction: no complaint at all is 44."""
    assert score(scales["fact_ntx"], filled(scales["fact_ntx"], 0)).value == 44


def test_bpi_interference_from_four_of_seven() -> None:
    """Published rule: four of seven answers are enough, three are not."""
    four = dict.fromkeys(("9a", "9b", "9c", "9d"), 6.0)
    assert score(scales["bpi_sf"], four).subscales["interference"] == 6
    four.pop("9d")
    assert score(scales["bpi_sf"], four).subscales["interference"] is None


def test_mean_pain_of_a_week_may_have_decimals() -> None:
    found = score(scales["nrs"], {"1": 5.43})
    assert (found.value, found.band, found.direction) == (5.43, "moderate", "lower")


def test_between_two_bands_the_nearer_and_in_the_middle_the_worse() -> None:
    assert [band_of(scales["nrs"], value) for value in (3.4, 3.5, 3.6)] == ["mild", "moderate", "moderate"]


def test_erection_and_pedals_are_asked_of_some_and_missed_of_none() -> None:
    answers = {item.id: 1.0 for item in scales["cipn20"].items if item.id not in ("19", "20")}
    assert score(scales["cipn20"], answers).completeness == 1


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"1": 5}, "item 1 .*= 5: out of range; give a number from 0 to 4"),
        ({"1": -1}, "out of range"),
        ({"1": 1.5}, "not a whole number"),
        ({"1": True}, "not a number"),
        ({"1": "3"}, "not a number"),
        ({"1": [3]}, "not a number"),
        ({"1": math.nan}, "not a finite number"),
        ({"1": math.inf}, "not a finite number"),
        ({"1": 10**400}, "out of range"),
        ({"11": 1}, 'item "11": not an item'),
    ],
)
def test_impossible_answers_are_refused(answers: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        score(scales["irls"], answers)


def test_every_impossible_answer_is_named() -> None:
    with pytest.raises(BadInput) as caught:
        score(scales["irls"], {"1": 9, "2": -4, "x": 1}, version="1999")
    assert len(caught.value.problems) == 4


def test_halves_of_an_examination_are_halves() -> None:
    assert score(scales["mnsi_b"], filled(scales["mnsi_b"], 1) | {"3r": 0.5}).value == 9.5
    with pytest.raises(BadInput, match=r"not a multiple of 0\.5"):
        score(scales["mnsi_b"], {"3r": 0.3})


def test_wrong_version_names_the_known_ones_and_blank_is_current() -> None:
    with pytest.raises(BadInput, match=r"known: 2\.0, patient"):
        score(scales["irls"], {}, version="3")
    assert score(scales["irls"], {}).version == "2.0"
    assert score(scales["irls"], {}, version="patient").version == "patient"


def test_an_empty_form_has_no_number() -> None:
    for row in scales:
        found = score(row, {})
        assert (found.value, found.band, found.completeness) == (None, None, 0)
        assert set(found.subscales.values()) <= {None}


def test_dictionary_has_the_promised_keys() -> None:
    found = score(scales["irls"], filled(scales["irls"], 1)).to_dict()
    promised = {"scale", "version", "value", "completeness", "subscales", "band", "missing", "direction"}
    assert promised <= set(found)


def one_answer(item: ScaleItem) -> st.SearchStrategy[float | None]:
    if item.allowed:
        return st.none() | st.sampled_from(item.allowed)
    if item.whole:
        numbers: st.SearchStrategy[float] = st.integers(int(item.minimum), int(item.maximum)).map(float)
    elif item.step is not None:
        step = item.step
        numbers = st.integers(round(item.minimum / step), round(item.maximum / step)).map(lambda steps: steps * step)
    else:
        numbers = st.floats(item.minimum, item.maximum)
    return st.none() | numbers


@st.composite
def forms(draw: st.DrawFn) -> tuple[Scale, dict[str, float | None]]:
    row = draw(st.sampled_from(list(scales)))
    return row, {item.id: draw(one_answer(item)) for item in row.items}


@given(forms(), st.randoms(use_true_random=False))
def test_order_of_items_does_not_matter(form: tuple[Scale, dict[str, float | None]], chance: random.Random) -> None:
    """Property: the same answers in any order give the same score."""
    row, answers = form
    order = list(answers)
    chance.shuffle(order)
    assert score(row, {id: answers[id] for id in order}) == score(row, answers)


@given(forms())
def test_value_lies_in_the_range_and_completeness_in_0_1(form: tuple[Scale, dict[str, float | None]]) -> None:
    """Property: no answers can leave the range, prorated or not; a band is named with every value that has one."""
    row, answers = form
    found = score(row, answers)
    assert 0 <= found.completeness <= 1
    assert found.direction == row.direction
    if found.value is not None:
        assert row.minimum is not None
        assert row.maximum is not None
        assert row.minimum - 1e-9 <= found.value <= row.maximum + 1e-9
        assert (found.band is not None) == bool(row.bands)


@given(forms(), st.data())
def test_one_more_answer_never_lowers_completeness(
    form: tuple[Scale, dict[str, float | None]], data: st.DataObject
) -> None:
    """Property: answering a blank keeps or raises completeness, and never takes a number away."""
    row, answers = form
    item = data.draw(st.sampled_from(row.items))
    before = score(row, answers | {item.id: None})
    after = score(row, answers | {item.id: item.minimum})
    assert after.completeness >= before.completeness
    assert after.value is not None or before.value is None


@given(forms(), st.data())
def test_a_worse_answer_never_makes_a_better_score(
    form: tuple[Scale, dict[str, float | None]], data: st.DataObject
) -> None:
    """Property: raising one answer moves the total up, or down where the item is reversed, never the other way."""
    row, answers = form
    item = data.draw(st.sampled_from(row.items))
    low = score(row, answers | {item.id: item.minimum}).value
    high = score(row, answers | {item.id: item.maximum}).value
    if low is not None and high is not None:
        assert (low - high if item.reverse else high - low) >= -1e-9


def test_new_scales_by_hand() -> None:
    """Means of 1 to 5 by part, percent of what was answered, bands, sites felt, the mean of two toes."""
    hand = score(scales["bctq"], {f"s{n}": 3 for n in range(1, 12)} | {f"f{n}": 2 for n in range(1, 9)} | {"f1": 4})
    assert hand.value is None
    assert dict(hand.subscales) == {"symptoms": 3.0, "function": 2.25}
    back = score(scales["odi"], {str(n): 2 for n in range(1, 11) if n != 8})
    assert (back.value, back.band, back.prorated) == (40.0, "moderate", True)
    assert score(scales["odi"], {str(n): 2 for n in range(1, 9)}).value is None
    assert score(scales["ndi"], filled(scales["ndi"], 2)).band == "moderate"
    feet = score(scales["tcss"], filled(scales["tcss"], 1))
    assert (feet.value, feet.band) == (15.0, "severe")
    assert score(scales["monofilament"], {"right": 7, "left": 5}).value == 12
    assert score(scales["vpt"], {"right": 30.0, "left": 20.0}).value == 25
    assert score(scales["ntss6"], filled(scales["ntss6"], 1.33)).value == pytest.approx(7.98)
    assert score(scales["ashworth"], {"1": 1.5}).value == 1.5
    assert score(scales["gad7"], filled(scales["gad7"], 1)).band == "mild"


@pytest.mark.parametrize(("ninth", "spoken"), [(0, False), (1, True), (3, True), (None, False)])
def test_an_answer_about_self_harm_is_told_apart_from_the_score(ninth: float | None, spoken: bool) -> None:
    found = score(scales["phq9"], filled(scales["phq9"], 0) | {"9": ninth})
    assert found.self_harm is spoken
    assert found.band in ("minimal", None)


def test_nothing_is_scored_that_was_measured_on_a_cold_leg() -> None:
    """Warming a cold leg mimics recovery by 1 to 2 m/s a degree: 28 is refused, an unknown one gives no number."""
    measured = {"amplitude": 9.0, "velocity": 42.0}
    warm = score(scales["nerve_conduction"], measured | {"temperature": 33.5})
    assert dict(warm.subscales) == {"amplitude": 9.0, "velocity": 42.0}
    unknown = score(scales["nerve_conduction"], measured)
    assert dict(unknown.subscales) == {"amplitude": None, "velocity": None}
    assert unknown.missing == ("temperature",)
    with pytest.raises(BadInput, match="warm the leg"):
        score(scales["nerve_conduction"], measured | {"temperature": 28.0})
