"""Layers from their make-up: a rival by its author's numbers, within their range and with their error."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpbm.facts.living_tissue import TABLE_COLUMNS, SampledTissue
from openpbm.facts.tissue import spectrum
from openpbm.tissue.conditioning import draw_priors
from openpbm.tissue.optics import LayerOptics, layer_optics, makeup_of


def one_layer(layer: str, kind: str, table: str, wavelengths: list[float], **scores: float) -> LayerOptics:
    """One middling tissue of that layer alone that took a table, "" for its composition; some scores off the middle."""
    tables: dict[str, tuple[str, ...]] = dict.fromkeys(TABLE_COLUMNS, ("",))
    middle = SampledTissue(
        name="middle",
        weight=np.ones(1),
        scores={name: np.full(1, scores.get(name, 0.0)) for name in draw_priors(1, seed=0).scores},
        tables=tables | {kind: (table,)},
    )
    return layer_optics((layer,), np.full((1, 1), math.inf), np.zeros(1), makeup_of(middle, ""), wavelengths)


@pytest.mark.parametrize(("table", "per_mm"), [("cassano", 0.045), ("salomatina", 0.118)])
def test_dermis_takes_the_chosen_table(table: str, per_mm: float) -> None:
    """Dermis at 810 nm: 0.045 (Cassano) and 0.118 /mm (Salomatina)."""
    assert one_layer("dermis", "skin", table, [810.0]).mu_a_per_mm == pytest.approx(per_mm, rel=0.01)


def test_a_rival_table_holds_within_its_authors_range_and_the_composition_beyond() -> None:
    """Simpson measured 633-900 nm; a flat continuation had 3.2 /cm at 980 nm, half of what water and blood make."""
    rival, composed = (one_layer("muscle", "muscle", table, [850.0, 980.0]) for table in ("simpson", ""))
    assert rival.mu_a_per_mm[0, 0, 0] == pytest.approx(float(spectrum("muscle_absorption", "simpson").at(850.0)))
    reduced = float(spectrum("muscle_reduced_scattering", "simpson").at(850.0))
    assert rival.mu_s_prime_per_mm[0, 0, 0] == pytest.approx(reduced)
    assert rival.mu_a_per_mm[0, 0, 1] == composed.mu_a_per_mm[0, 0, 1]
    assert rival.mu_a_per_mm[0, 0, 0] != composed.mu_a_per_mm[0, 0, 0]


@pytest.mark.parametrize("table", ["bashkatov", "cassano", "simpson"])
def test_every_rival_answers_from_600_to_1000_nm(table: str) -> None:
    """Where its author did not measure the composition stands in, also at the ends."""
    optics = one_layer("muscle", "muscle", table, [600.0, 632.9, 980.1, 1000.0])
    composed = one_layer("muscle", "muscle", "", [600.0, 632.9, 980.1, 1000.0])
    assert (optics.mu_a_per_mm == composed.mu_a_per_mm).all()


def test_a_table_is_off_by_its_own_printed_error_at_every_wavelength() -> None:
    """One standard deviation up: dermis of Salomatina moves by exp(sigma), 0.22 of 1.46 and 0.17 of 1.02 as printed."""
    wavelengths = [660.0, 850.0]
    base = one_layer("dermis", "skin", "salomatina", wavelengths)
    up = one_layer("dermis", "skin", "salomatina", wavelengths, dermis_background_per_mm=1.0)
    for number, relative in enumerate((0.22 / 1.46, 0.17 / 1.02)):
        ratio = up.mu_a_per_mm[0, 0, number] / base.mu_a_per_mm[0, 0, number]
        assert ratio == pytest.approx(math.exp(math.sqrt(math.log1p(relative**2))), rel=0.01)


def test_a_table_without_a_printed_error_gets_the_default_one() -> None:
    """Cassano prints none: a fifth of the value."""
    base = one_layer("muscle", "muscle", "cassano", [810.0])
    up = one_layer("muscle", "muscle", "cassano", [810.0], muscle_background_per_mm=1.0)
    assert up.mu_a_per_mm / base.mu_a_per_mm == pytest.approx(math.exp(math.sqrt(math.log1p(0.04))))
