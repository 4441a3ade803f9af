"""The scales as shipped: published ranges, bands and subscales, and rules that no file may break."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

import pytest

from openpbm.errors import BadInput
from openpbm.facts.references import references
from openpbm.facts.scales import Scale, _problems, followed_parts, outcome_scale, problem_of_total, scales

ALL = list(scales)
TABLE = [
    "irls",
    "cgi_s",
    "cgi_i",
    "rls6",
    "rls_qol",
    "asrs",
    "psqi",
    "isi",
    "ess",
    "nrs",
    "bpi_sf",
    "npsi",
    "dn4",
    "paindetect",
    "s_lanss",
    "mnsi_a",
    "mnsi_b",
    "mtns",
    "tnsc",
    "fact_ntx",
    "cipn20",
    "psfs",
    "cramp_diary",
    "muscle_cramp_scale",
    "eq5d5l",
    "promis_sd8b",
    "pgic",
    "tug",
    "daily_severity",
    "caregiver_burden",
    "falls",
    "bctq",
    "ndi",
    "odi",
    "tcss",
    "monofilament",
    "vpt",
    "ntss6",
    "nerve_conduction",
    "phq9",
    "gad7",
    "ashworth",
]


def every(rows: list[Scale]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.id)


def test_every_instrument_is_there() -> None:
    assert sorted(TABLE) == sorted(scales.ids)


PUBLISHED_RANGES = {
    "irls": (0, 40),
    "cgi_s": (1, 7),
    "cgi_i": (1, 7),
    "rls_qol": (0, 100),
    "psqi": (0, 21),
    "asrs": (0, 24),
    "isi": (0, 28),
    "ess": (0, 24),
    "nrs": (0, 10),
    "npsi": (0, 100),
    "dn4": (0, 10),
    "paindetect": (-1, 38),
    "s_lanss": (0, 24),
    "mnsi_a": (0, 13),
    "mnsi_b": (0, 10),
    "mtns": (0, 24),
    "tnsc": (0, 28),
    "fact_ntx": (0, 44),
    "psfs": (0, 4),
    "promis_sd8b": (8, 40),
    "pgic": (1, 7),
    "ndi": (0, 50),
    "odi": (0, 100),
    "tcss": (0, 19),
    "monofilament": (0, 18),
    "ntss6": (0, 21.96),
    "phq9": (0, 27),
    "gad7": (0, 21),
    "ashworth": (0, 4),
}


@pytest.mark.parametrize(("id", "span"), PUBLISHED_RANGES.items(), ids=lambda given: str(given))
def test_range_is_the_published_one(id: str, span: tuple[float, float]) -> None:
    """Published ranges of the totals."""
    assert (scales[id].minimum, scales[id].maximum) == span


@every([row for row in ALL if row.total is not None and row.total.method == "sum"])
def test_range_of_a_sum_is_the_sum_of_its_items(row: Scale) -> None:
    """Closed form: with independent items the extremes of a weighted sum are the sums of the extremes."""
    assert row.total is not None
    counted = [item for item in row.items if not row.total.items or item.id in row.total.items]
    assert row.minimum == pytest.approx(sum(item.weight * item.minimum for item in counted))
    assert row.maximum == pytest.approx(sum(item.weight * item.maximum for item in counted))


@every([row for row in ALL if row.bands])
def test_bands_tile_the_range_without_gap_or_overlap(row: Scale) -> None:
    """Property: from one band to the next it is one step of the score, and the ends are those of the range."""
    step = min(item.step or 1.0 for item in row.items)
    assert (row.bands[0].lower, row.bands[-1].upper) == (row.minimum, row.maximum)
    assert all(band.lower <= band.upper for band in row.bands)
    for before, after in itertools.pairwise(row.bands):
        assert after.lower - before.upper in (1.0, step)


@pytest.mark.parametrize(
    ("id", "uppers"),
    [
        ("irls", [0, 10, 20, 30, 40]),
        ("isi", [7, 14, 21, 28]),
        ("ess", [10, 12, 15, 24]),
        ("nrs", [0, 3, 6, 10]),
        ("paindetect", [12, 18, 38]),
        ("psqi", [5, 21]),
        ("s_lanss", [11, 24]),
    ],
)
def test_bands_end_where_published(id: str, uppers: list[float]) -> None:
    """Published bands, upper ends."""
    assert [band.upper for band in scales[id].bands] == uppers


def test_irls_subscales_leave_item_3_to_the_total() -> None:
    """Published factor analysis: nine of ten items fall into two subscales."""
    parts = {part.id: set(part.scoring.items) for part in scales["irls"].subscales}
    assert parts == {"symptoms": {"1", "2", "4", "6", "7", "8"}, "impact": {"5", "9", "10"}}


def test_irls_thresholds_are_all_shown_and_kept_apart() -> None:
    """Published: 3 between groups, 9 and 11 within a person, half for a responder, 10 left for remission."""
    found = {(row.kind, row.change, row.fraction, row.level) for row in scales["irls"].thresholds}
    assert found >= {
        ("between_groups", -3, None, None),
        ("within_person", -9, None, None),
        ("within_person", -11, None, None),
        ("responder", None, -0.5, None),
        ("remission", None, None, 10),
    }


def test_expected_sham_course_follows_from_the_published_pool() -> None:
    """Silva 2017: -6.58 points are -1.41 standardised, interval -1.56 to -1.25, 64 trials, I2 88.1 %."""
    course = scales["irls"].sham_course
    assert course is not None
    one_trial = 64 * ((1.56 - 1.25) / 2 / 1.96) ** 2
    assert course.change_mean == -6.58
    arms = [(115, 0.9 * 115**0.5), (114, 0.9 * 114**0.5), (33, 7.72), (49, 7.6)]
    pooled = (sum((n - 1) * sd**2 for n, sd in arms) / sum(n - 1 for n, _ in arms)) ** 0.5
    assert course.person_sd == pytest.approx(pooled, abs=0.06)
    assert course.trial_sd == pytest.approx(math.sqrt(0.881 * one_trial) * 6.58 / 1.41, abs=0.01)
    assert [row.id for row in ALL if row.sham_course is not None] == ["irls"]


def test_cipn20_splits_its_items_nine_eight_three() -> None:
    """Published: 9 sensory, 8 motor, 3 autonomic items, each item once."""
    parts = {part.id: part.scoring.items for part in scales["cipn20"].subscales}
    assert [len(parts[id]) for id in ("sensory", "motor", "autonomic")] == [9, 8, 3]
    together = [*parts["sensory"], *parts["motor"], *parts["autonomic"]]
    assert sorted(together, key=int) == [str(number) for number in range(1, 21)]
    assert parts["sensory_raw"] == parts["sensory"]


@every(ALL)
def test_improvement_points_the_way_of_the_scale(row: Scale) -> None:
    """Property: a change that counts as better has the sign of the direction; worse has the other."""
    directions = {part.id: part.direction or row.direction for part in row.subscales} | {"": row.direction}
    for threshold in row.thresholds:
        better = -1 if directions[threshold.subscale] == "lower" else 1
        moved = threshold.change if threshold.change is not None else threshold.fraction
        if moved is not None:
            assert moved * better * (-1 if threshold.kind == "deterioration" else 1) > 0, threshold.id


@every(ALL)
def test_sources_of_a_scale_are_known(row: Scale) -> None:
    held = [one for one in (row.reliability, *(part.reliability for part in row.subscales)) if one is not None]
    named = {row.source, *row.further_sources, *(t.source for t in row.thresholds), *(one.source for one in held)}
    assert named <= set(references.ids)


def test_screening_tools_are_not_for_change() -> None:
    assert {row.id for row in ALL if not row.for_change} == {"dn4", "paindetect", "s_lanss"}


def test_only_free_wording_ships() -> None:
    assert {row.id for row in ALL if row.ships == "full"} == {
        "cgi_s",
        "cgi_i",
        "nrs",
        "pgic",
        "psfs",
        "cramp_diary",
        "tug",
        "daily_severity",
        "caregiver_burden",
        "falls",
        "monofilament",
        "vpt",
        "nerve_conduction",
        "phq9",
        "gad7",
    }


def test_unknown_scale_names_the_nearest() -> None:
    with pytest.raises(BadInput, match="did you mean irls"):
        scales["irsl"]


#: The error of one score as published, or from the published detectable change or agreement.
PUBLISHED_ERRORS = {
    "irls": 2.16,
    "isi": 2.52,
    "bpi_sf.severity": 2.57 / 1.96 / 2**0.5,
    "bpi_sf.interference": 2.34 / 1.96 / 2**0.5,
    "ess": 19.1 / 2 / 1.96 / 2**0.5,
    "tug": 1.0 / 1.96 / 2**0.5,
    "monofilament": 2.83 / 1.96 / 2**0.5,
    "nerve_conduction.amplitude": 8.2 * 0.03**0.5,
    "nerve_conduction.velocity": 11.1 * 0.06**0.5,
    "bctq.symptoms": 0.72 / 1.645 / 2**0.5,
    "bctq.function": 0.79 / 1.645 / 2**0.5,
    "ndi": 10.2 / 1.645 / 2**0.5,
    "odi": 6.0,
    "phq9": 2.5,
}


@pytest.mark.parametrize(("id", "error"), PUBLISHED_ERRORS.items())
def test_errors_of_measurement_are_the_published_ones(id: str, error: float) -> None:
    """D90 = 1.645 sqrt(2) SEM, D95 = 1.96 sqrt(2) SEM, SEM = SD sqrt(1 - r), to two places."""
    held = outcome_scale(id).reliability
    assert held is not None
    assert held.error_at(20.0) == pytest.approx(error, rel=0.02)


def test_an_error_may_grow_with_the_score() -> None:
    held = scales["vpt"].reliability
    assert held is not None
    assert held.error_at(30.0) == pytest.approx(3 * held.error_at(10.0))


@every([row for row in ALL if row.for_change and not row.is_change])
def test_every_scale_holds_its_error_or_says_why_it_decides_nothing(row: Scale) -> None:
    """Thirty of thirty-one once held none, and nobody was told."""
    followed = [part for part in (row, *followed_parts(row)) if part.reliability is not None]
    assert followed or row.no_verdict
    if row.decides_from_week is not None:
        assert followed
        for part in followed:
            within = [t for t in part.thresholds if t.kind in ("within_person", "responder")]
            assert within or part.reliability is not None
    if row.decides_from_week is None or row.decides_from_week > 6:
        assert len(row.no_verdict) > 20


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"reliability": None, "subscales": ()}, "neither a reliability nor why"),
        ({"decides_from_week": None}, "does not say why"),
        ({"decides_from_week": 12}, "does not say why"),
        ({"self_harm_item": "3"}, "no mood item"),
    ],
)
def test_a_scale_that_says_too_little_is_no_row(change: dict[str, Any], problem: str) -> None:
    found = list(_problems(dataclasses.replace(scales["irls"], **change), "irls"))
    assert any(problem in text for text in found), found


def test_a_part_is_a_scale_of_its_own() -> None:
    part = outcome_scale("cipn20.sensory_raw")
    assert (part.minimum, part.maximum) == (9.0, 36.0)
    assert {row.change for row in part.thresholds} == {2.5, -5.9}
    assert outcome_scale("eq5d5l.vas").direction == "higher"
    with pytest.raises(BadInput, match="no part nothing"):
        outcome_scale("cipn20.nothing")


@pytest.mark.parametrize("id", ["cipn20", "bpi_sf", "rls6", "bctq", "nerve_conduction", "eq5d5l"])
def test_a_scale_of_parts_has_no_total(id: str) -> None:
    problem = problem_of_total(scales[id])
    assert problem is not None
    assert "no total" in problem[0]
    assert problem_of_total(scales["irls"]) is None


@pytest.mark.parametrize(
    ("id", "item", "answer", "told"),
    [
        ("ashworth", "1", 2.5, "not an answer"),
        ("ashworth", "1", 1.5, ""),
        ("ntss6", "1", 1.5, "not an answer"),
        ("ntss6", "1", 2.66, ""),
        ("nerve_conduction", "temperature", 27.5, "below 31 nothing counts"),
        ("nerve_conduction", "temperature", 33.0, ""),
        ("mnsi_b", "3r", 0.25, "not a multiple of 0.5"),
        ("irls", "1", True, "not a number"),
        ("irls", "1", 9, "out of range"),
    ],
)
def test_one_rule_says_which_answers_there_are(id: str, item: str, answer: float, told: str) -> None:
    """Files, forms and the command line once had a rule each."""
    (asked,) = (row for row in scales[id].items if row.id == item)
    message, remedy = asked.problem_of(answer)
    assert told in message
    assert bool(remedy) == bool(message)
