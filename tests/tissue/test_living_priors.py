"""Living tissue against published numbers: medians and spans by tissue and wavelength, and each source left out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpbm.errors import FactsError
from openpbm.facts.living_tissue import PriorRow, prior_rows
from openpbm.tissue.conditioning import band, draw_priors
from openpbm.tissue.optics import LayerOptics, layer_optics, makeup_of, parameters, pooled_prior

WAVELENGTHS = (660.0, 810.0, 850.0, 904.0, 940.0)
LAYERS = ("dermis", "subcutis", "muscle")
#: (tissue, wavelength [nm]): median, p5, p95 of mu_a, mu_s' and mu_eff in 1/cm, as pooled from in vivo measurements.
PUBLISHED = {
    ("muscle", 660): ((0.37, 0.21, 0.63), (8.0, 5.3, 12.0), (3.04, 2.2, 4.3)),
    ("muscle", 810): ((0.24, 0.16, 0.39), (6.6, 4.4, 9.9), (2.25, 1.7, 3.1)),
    ("muscle", 850): ((0.29, 0.19, 0.46), (6.4, 4.3, 9.5), (2.42, 1.8, 3.3)),
    ("muscle", 904): ((0.35, 0.23, 0.54), (6.0, 4.0, 9.0), (2.57, 1.9, 3.5)),
    ("muscle", 940): ((0.47, 0.35, 0.66), (5.8, 3.9, 8.7), (2.97, 2.3, 3.9)),
    ("subcutis", 660): ((0.049, 0.025, 0.106), (12.3, 8.9, 17.0), (1.35, 0.93, 2.1)),
    ("subcutis", 810): ((0.046, 0.026, 0.088), (10.9, 7.9, 15.0), (1.23, 0.89, 1.8)),
    ("subcutis", 850): ((0.055, 0.033, 0.104), (10.6, 7.7, 15.0), (1.33, 0.97, 1.9)),
    ("subcutis", 904): ((0.097, 0.070, 0.153), (10.2, 7.4, 14.0), (1.74, 1.4, 2.3)),
    ("subcutis", 940): ((0.150, 0.114, 0.212), (9.9, 7.2, 14.0), (2.14, 1.7, 2.7)),
    ("dermis", 660): ((0.17, 0.07, 0.40), (17.9, 12.0, 27.0), (3.0, 1.9, 4.9)),
    ("dermis", 810): ((0.14, 0.07, 0.33), (12.7, 8.6, 19.0), (2.3, 1.5, 3.7)),
    ("dermis", 850): ((0.16, 0.09, 0.35), (11.7, 7.9, 17.0), (2.4, 1.6, 3.7)),
    ("dermis", 904): ((0.18, 0.11, 0.38), (10.5, 7.1, 16.0), (2.4, 1.7, 3.7)),
    ("dermis", 940): ((0.30, 0.21, 0.50), (9.8, 6.7, 15.0), (3.0, 2.3, 4.2)),
}
#: A source that says nothing of the middle over people beyond what our own judgement says.
OURS = "openpbm_prior"


@pytest.fixture(scope="module")
def optics() -> LayerOptics:
    """6,000 tissues from the priors alone, each layer endless."""
    sample = draw_priors(6000, seed=4)
    endless = np.full((6000, len(LAYERS)), math.inf)
    return layer_optics(LAYERS, endless, np.zeros(6000), makeup_of(sample, ""), WAVELENGTHS)


@pytest.mark.parametrize(("tissue", "wavelength_nm"), PUBLISHED)
def test_priors_have_the_published_medians_and_spans(optics: LayerOptics, tissue: str, wavelength_nm: int) -> None:
    """In vivo pooling, 1/cm: medians within 8 %, and nine in ten tissues within the published ends, a fifth aside."""
    place = np.s_[:, LAYERS.index(tissue), WAVELENGTHS.index(wavelength_nm)]
    found = (optics.mu_a_per_mm[place], optics.mu_s_prime_per_mm[place], optics.mu_eff_per_mm[place])
    for values, (median, p5, p95) in zip(found, PUBLISHED[tissue, wavelength_nm], strict=True):
        ours = band(10.0 * values)
        assert ours.median == pytest.approx(median, rel=0.08)
        assert ours.p5 == pytest.approx(p5, rel=0.2)
        # The rare tables measured on excised skin lengthen the upper end of the dermis.
        assert p95 / 1.2 < ours.p95 < p95 * (1.45 if tissue == "dermis" else 1.2)


def test_muscle_at_980_nm_holds_blood() -> None:
    """It was 75 % water and no blood: a table that ends at 900 nm went on flat."""
    sample = draw_priors(500, seed=1)
    at_980 = layer_optics(("muscle",), np.full((500, 1), math.inf), np.zeros(500), makeup_of(sample, ""), [980.0])
    water_alone = 0.72 * 0.0430
    assert np.median(at_980.mu_a_per_mm) > 1.25 * water_alone


def test_the_dermis_is_as_measured_on_5543_people() -> None:
    """Reduced scattering at 850 nm 11.3-12.0 /cm, within 1.2-fold, also with either study left out."""
    for without in ((), ("jonasson2018",), ("jonasson2023",)):
        at_800 = pooled_prior("dermis", "scatter_800_per_mm", without=without)
        power = pooled_prior("dermis", "scatter_power", without=without)
        middle = float(at_800.values(0.0)) * (850 / 800) ** -float(power.values(0.0))
        assert 1.13 / 1.2 < middle < 1.20 * 1.2


@pytest.mark.parametrize("row", [row for row in prior_rows() if row.role == "estimate" and row.source != OURS])
def test_a_source_left_out_lies_in_the_band_of_the_others(row: PriorRow) -> None:
    """Nine in ten people of the model made without a source span what that source found."""
    prior = pooled_prior(row.tissue, row.parameter, site=row.site, without=(row.source,))
    low, high = (float(prior.values(score)) for score in (-1.645, 1.645))
    assert low <= row.value * row.factor <= high


def test_both_studies_of_the_dermis_left_out_still_span_what_they_found() -> None:
    """They are of one group of people in part: what stays is one abstract and a review."""
    prior = pooled_prior("dermis", "scatter_800_per_mm", without=("jonasson2018", "jonasson2023"))
    assert float(prior.values(-1.645)) < 1.26
    assert float(prior.values(1.645)) > 1.33


def test_pooling_weighs_by_the_inverse_square_of_the_error() -> None:
    """Closed form: two equal errors give the geometric middle and an error smaller by the root of two."""
    prior = pooled_prior("subcutis", "water", without=())
    rows = [row for row in prior_rows() if (row.tissue, row.parameter, row.role) == ("subcutis", "water", "estimate")]
    weights = [row.spread**-2 for row in rows]
    assert prior.error == pytest.approx(sum(weights) ** -0.5)
    assert prior.spread == pytest.approx(math.hypot(prior.error, prior.people))


def test_no_source_left_is_our_fault() -> None:
    with pytest.raises(FactsError, match="no estimate of scatter_800_per_mm of subcutis"):
        pooled_prior("subcutis", "scatter_800_per_mm", without=("simpson1998", "lanka2020"))


def test_a_site_of_its_own_takes_its_own_rows() -> None:
    """The muscle of the lower back holds three times the fat of others (magnetic resonance, 336 people)."""
    back, other = (float(pooled_prior("muscle", "lipid", site=site).values(0.0)) for site in ("lower_back", ""))
    assert (back, other) == pytest.approx((0.15, 0.05), rel=0.05)


def test_fractions_stay_fractions() -> None:
    for tissue, parameter in parameters():
        if parameter in {"saturation", "water", "lipid"}:
            values = pooled_prior(tissue, parameter).values([-9.0, 9.0])
            assert (values > 0).all()
            assert (values < 1).all()
