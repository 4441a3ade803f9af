"""Checks the check: solver and photons agree at a target within the photons' own error, and a wrong field is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from openpbm.case import read_case
from openpbm.errors import BadInput
from openpbm.planning.check_light import LightCheck, check_light
from openpbm.planning.light import Fields, compute_fields
from openpbm.safety import screen
from openpbm.transport import GreenFunction, Scene, green_function

WRIST = screen(read_case(Path("examples/carpal_tunnel.toml")))


@pytest.fixture(scope="module", autouse=True)
def photons_followed_once() -> Iterator[None]:
    """The same scene to the same depth is not followed again: its photons would go where they went."""
    followed: dict[tuple[Scene, float, float], GreenFunction] = {}

    def once(scene: Scene, slab: Sequence[float], *rings: Any, **words: Any) -> GreenFunction:
        top, bottom = slab
        if (scene, top, bottom) not in followed:
            followed[scene, top, bottom] = green_function(scene, slab, *rings, **words)
        return followed[scene, top, bottom]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("openpbm.planning.check_light.green_function", once)
        yield


@pytest.fixture(scope="module")
def wrist() -> LightCheck:
    (row,) = check_light(WRIST, seed=4)
    return row


def test_both_ways_agree_at_the_target(wrist: LightCheck) -> None:
    """A laser's spot at the nerve: 1 % of photon error is asked for, the field itself may be half a per cent off."""
    assert (wrist.site, wrist.structure, wrist.wavelength_nm) == ("volar_wrist", "median_nerve", 808.0)
    assert 0.0 < wrist.relative_error <= 0.01
    assert abs(wrist.difference) <= 0.01 + 3.0 * wrist.relative_error


def test_a_field_that_is_off_is_seen(wrist: LightCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutation: a tenth more in the solver's light stands out of the error."""

    def brighter(*args: Any, **words: Any) -> Fields:
        fields = compute_fields(*args, **words)
        return replace(fields, fluence_rate=1.1 * fields.fluence_rate)

    monkeypatch.setattr("openpbm.planning.check_light.compute_fields", brighter)
    (row,) = check_light(WRIST, seed=4)
    assert row.photons_mw_cm2 == wrist.photons_mw_cm2
    assert row.difference == pytest.approx(1.1 * (1.0 + wrist.difference) - 1.0, rel=1e-9)
    assert row.difference > 5.0 * row.relative_error


def test_a_case_without_a_known_beam_has_nothing_to_check() -> None:
    with pytest.raises(BadInput, match="nothing to check"):
        check_light(replace(WRIST, exposure=None))
