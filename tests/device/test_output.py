"""The prior on a stated output: a claim is wide and low, a measurement narrow."""

import dataclasses

import numpy as np
import pytest

from openpbm.device import output_prior, output_quantile
from openpbm.facts.exposure import output_priors
from openpbm.facts.lamps import lamp_catalogue

CLAIMED = next(iter(lamp_catalogue))
MEASURED = dataclasses.replace(CLAIMED, output_status="measured")


def test_the_named_percentiles_are_met() -> None:
    for lamp in (CLAIMED, MEASURED):
        prior = output_prior(lamp)
        assert output_quantile(prior, [0.05, 0.5, 0.95]) == pytest.approx([prior.lower, prior.median, prior.upper])


def test_a_claim_is_wider_and_lower_than_a_measurement() -> None:
    claimed, measured = output_prior(CLAIMED), output_prior(MEASURED)
    assert claimed.median < measured.median
    assert claimed.upper / claimed.lower > 2.0 * measured.upper / measured.lower
    assert claimed.safety_factor > measured.safety_factor >= 1.0


def test_quantiles_rise_and_stay_finite_to_the_ends() -> None:
    factors = output_quantile(output_prior(CLAIMED), np.linspace(0.0, 1.0, 101))
    assert np.all(np.diff(factors[1:-1]) > 0.0)
    assert 0.0 < factors[0] <= factors[-1] < 3.0


def test_every_prior_has_a_source_and_safety_covers_its_upper_end() -> None:
    for row in output_priors:
        assert row.source
        assert row.lower < row.median < row.upper <= row.safety_factor
