"""The sheets of a masked lamp: they follow from the sealed draw, and the person's gives nothing of it away."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, get_args

import pytest

from openpbm.errors import BadInput
from openpbm.report.code_sheet import render_keeper_sheet, render_person_sheet
from openpbm.single_case import DesignRequest, MaskMethod, code_sheet, seal, verify

DAY = dt.date(2026, 12, 1)
BLOCKS = DesignRequest(kind="blocks", first_day=DAY, made_on=DAY, blinded=True, pairs=5, days_per_period=7)


def sealed(seed: int, request: DesignRequest = BLOCKS) -> tuple[Any, Any]:
    return seal(request, seed=seed, nonce="5" * 64)


@pytest.mark.parametrize("method", get_args(MaskMethod))
def test_the_keeper_is_told_what_was_drawn(method: MaskMethod) -> None:
    design, key = sealed(11)
    sheet = code_sheet(design, key, method)
    light = {"active": ("light", "clear"), "sham": ("no light", "blocking")}
    for row, period in zip(sheet.rows, verify(design, key).periods, strict=True):
        assert (row.first_day, row.last_day) == (period.first_day, period.last_day)
        dark = "no light" in row.keeper or "blocking" in row.keeper
        assert dark == (period.treatment == "sham")
        assert any(word in row.keeper for word in light[period.treatment])
    assert code_sheet(design, key, method) == sheet


def test_filters_tell_the_person_the_same_whatever_was_drawn() -> None:
    told = {tuple(row.person for row in code_sheet(*sealed(seed), "filters").rows) for seed in range(20)}
    assert len(told) == 1


def test_which_of_two_settings_gives_light_is_drawn_evenly() -> None:
    """Of 400 draws setting 1 gives light in half, within four standard errors (10 each)."""
    first: Counter[tuple[str, bool]] = Counter()
    for seed in range(400):
        design, key = sealed(seed)
        row = code_sheet(design, key, "two_settings").rows[0]
        first[(row.person, row.keeper == "light")] += 1
    lit = sum(count for (person, light), count in first.items() if light == ("1" in person))
    assert abs(lit - 200) <= 40
    # The setting of the first period tells nothing of what it gives.
    assert all(abs(count - 100) <= 40 for count in first.values())


def test_codes_are_all_different_and_another_nonce_gives_others() -> None:
    design, key = sealed(3)
    codes = [row.person for row in code_sheet(design, key, "phone_code").rows]
    assert len(set(codes)) == 10
    again: tuple[Any, Any] = seal(BLOCKS, seed=3, nonce="6" * 64)
    other = code_sheet(*again, "phone_code")
    assert not {row.person for row in other.rows} & set(codes)


def test_the_persons_page_shows_no_word_of_the_keepers() -> None:
    """The two treatments swapped in every period give the same page, but for the seal."""
    design, key = sealed(8)
    sheet = code_sheet(design, key, "filters")
    page = render_person_sheet(sheet)
    assert "investigational" in page
    for row in sheet.rows:
        assert row.keeper not in page
        assert row.keeper in render_keeper_sheet(sheet)
    other = code_sheet(*sealed(9), "filters")
    parts = [text.split("Sealed under")[0] for text in (page, render_person_sheet(other))]
    assert parts[0] == parts[1]


def test_what_cannot_be_masked_is_refused() -> None:
    design, key = sealed(1)
    with pytest.raises(BadInput, match="two different names"):
        code_sheet(design, key, "two_settings", ("A", " A "))
    with pytest.raises(BadInput, match="does not match its commitment"):
        code_sheet(design, sealed(2)[1], "filters")
    start = DesignRequest(kind="start", first_day=DAY, made_on=DAY, blinded=True, start_points=(15, 34))
    with pytest.raises(BadInput, match="nothing to mask"):
        code_sheet(*sealed(1, start), "filters")
