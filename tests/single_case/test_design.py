"""The sealed draw: a lot that is even, a seal that shows any change, and a public part that gives nothing away."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from openpbm.errors import BadInput
from openpbm.single_case import DesignRequest, seal, verify

DAY = dt.date(2026, 12, 1)
NONCE = "5" * 64
START = DesignRequest(kind="start", first_day=DAY, made_on=DAY, blinded=False, start_points=(15, 34))
BLOCKS = DesignRequest(kind="blocks", first_day=DAY, made_on=DAY, blinded=True, pairs=5, days_per_period=7)


def test_blocks_follow_the_baseline_without_a_gap() -> None:
    """Closed form: ten weeks after 14 days of baseline, one active and one sham a pair, smallest p 2^-5."""
    design, key = seal(BLOCKS, seed=1, nonce=NONCE)
    drawn = verify(design, key)
    assert drawn.periods[0].first_day == DAY + dt.timedelta(days=14)
    assert drawn.last_day == drawn.periods[-1].last_day == DAY + dt.timedelta(days=14 + 70 - 1)
    for before, after in zip(drawn.periods, drawn.periods[1:], strict=False):
        assert after.first_day - before.last_day == dt.timedelta(days=1)
    for pair in range(1, 6):
        assert sorted(p.treatment for p in drawn.periods if p.pair == pair) == ["active", "sham"]
    assert (drawn.smallest_p, drawn.analysis_week) == (1 / 32, 10)


def test_start_lies_where_it_may_and_the_window_ends_on_one_day() -> None:
    """Twenty starts allow p 0.05; the last day that counts does not depend on the draw."""
    drawn = [verify(seal(START, seed=seed, nonce=NONCE)[0]) for seed in range(40)]
    assert {d.smallest_p for d in drawn} == {0.05}
    assert len({d.last_day for d in drawn}) == 1
    for d in drawn:
        assert d.start_index is not None
        assert d.start_day == DAY + dt.timedelta(days=d.start_index - 1)
        assert 15 <= d.start_index <= 34
        assert d.last_day - d.start_day >= dt.timedelta(days=27)


def test_the_lot_is_even() -> None:
    """Chi-square of 4,000 draws over 20 starts below the 99.9 % point for 19 degrees of freedom (43.8)."""
    counts = Counter(seal(START, seed=seed, nonce=NONCE)[0]["start_index"] for seed in range(4000))
    assert set(counts) == set(range(15, 35))
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 43.8


def test_a_blinded_design_gives_nothing_away() -> None:
    """Everything public but the commitment is the same for every draw, and the commitment hides behind the nonce."""
    public = [seal(BLOCKS, seed=seed, nonce=NONCE)[0] for seed in range(8)]
    bare = [{name: value for name, value in design.items() if name != "commitment"} for design in public]
    assert all(content == bare[0] for content in bare)
    assert len({design["commitment"] for design in public}) == 8
    other, _ = seal(BLOCKS, seed=0, nonce="6" * 64)
    assert other["commitment"] != public[0]["commitment"]
    assert not {"seed", "nonce", "treatments", "start_index"} & set(public[0])


def test_anyone_can_check_the_commitment() -> None:
    """SHA-256 over the sorted JSON of design and draw, as the methods page says."""
    design, key = seal(BLOCKS, seed=1, nonce=NONCE)
    assert key is not None
    commitment = design.pop("commitment")
    draw = {name: key[name] for name in ("seed", "nonce", "treatments")}
    text = json.dumps({"design": design, "draw": draw}, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == commitment == key["commitment"]


@pytest.mark.parametrize("request_", [START, BLOCKS, dataclasses.replace(START, blinded=True)], ids=str)
def test_any_change_breaks_the_seal(request_: DesignRequest) -> None:
    """Every field of both files, changed alone or taken away, is found."""
    design, key = (json.loads(json.dumps(part)) for part in seal(request_, seed=3, nonce=NONCE))
    verify(design, key)
    for part, which in ((design, "design"), (key or {}, "key")):
        for name in part:
            if (which, name) == ("key", "commitment"):
                continue  # a courtesy to the reader; the design's own counts
            changed = {"design": design, "key": key}
            for value in (None, "x"):
                with pytest.raises(BadInput):
                    verify(**changed | {which: part | {name: value}})
            with pytest.raises(BadInput):
                verify(**changed | {which: {n: v for n, v in part.items() if n != name}})


def test_a_sealed_design_needs_its_own_key() -> None:
    """Bad input: no key, and the key of another draw."""
    design, _ = seal(BLOCKS, seed=1, nonce=NONCE)
    _, other = seal(BLOCKS, seed=2, nonce=NONCE)
    with pytest.raises(BadInput, match="the draw is sealed"):
        verify(design)
    with pytest.raises(BadInput, match="another draw"):
        verify(design, other)


def test_a_draw_that_its_seed_does_not_give_is_refused() -> None:
    """A hand-made key with a fitting commitment but a chosen order is found out by its seed."""
    design, key = seal(BLOCKS, seed=1, nonce=NONCE)
    assert key is not None
    chosen: Any = key | {"treatments": ["active", "sham"] * 5}
    assert chosen["treatments"] != key["treatments"]
    frame = {name: value for name, value in design.items() if name != "commitment"}
    draw = {name: chosen[name] for name in ("seed", "nonce", "treatments")}
    text = json.dumps({"design": frame, "draw": draw}, sort_keys=True, separators=(",", ":"))
    forged = frame | {"commitment": hashlib.sha256(text.encode()).hexdigest()}
    with pytest.raises(BadInput, match="not the one its seed gives"):
        verify(forged, chosen)


@pytest.mark.parametrize(
    ("request_", "needle"),
    [
        (dataclasses.replace(START, made_on=DAY + dt.timedelta(days=1)), "before the draw"),
        (dataclasses.replace(START, start_points=None), "start_points: needed"),
        (dataclasses.replace(START, start_points=(14, 34)), "FROM must come after"),
        (dataclasses.replace(START, start_points=(15, 15)), "TO must come after FROM"),
        (dataclasses.replace(START, pairs=5), "belong to kind blocks"),
        (dataclasses.replace(START, analysis_week=3), "fewer than 7 days"),
        (dataclasses.replace(START, baseline_days=2), "baseline_days = 2"),
        (dataclasses.replace(BLOCKS, pairs=None), "both are needed"),
        (dataclasses.replace(BLOCKS, pairs=21), "pairs = 21"),
        (dataclasses.replace(BLOCKS, start_points=(15, 34)), "belong to kind start"),
        (dataclasses.replace(BLOCKS, analysis_week=9), "last period is not over"),
    ],
)
def test_what_cannot_be_drawn_is_said(request_: DesignRequest, needle: str) -> None:
    """Bad input: each problem names the field and its limit."""
    with pytest.raises(BadInput, match=needle):
        seal(request_, seed=1, nonce=NONCE)
    with pytest.raises(BadInput, match="nonce"):
        seal(START, seed=1, nonce="short")


def test_too_few_pairs_say_so() -> None:
    """2^-4 = 0.0625 cannot reach 0.05, 2^-5 can."""
    few = seal(dataclasses.replace(BLOCKS, pairs=4), seed=1, nonce=NONCE)[0]
    assert any("cannot reach p 0.05" in note for note in few["notes"])
    assert not seal(BLOCKS, seed=1, nonce=NONCE)[0]["notes"]
