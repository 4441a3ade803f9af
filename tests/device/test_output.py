"""The prior on a stated output: a claim is wide and low, a measurement narrow."""

import dataclasses

import numpy as np
import pytest

from openpbm.device import output_prior, output_quantile, settled_output
from openpbm.facts.exposure import output_priors
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue

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


def measured(share: float, high: float, **more: object) -> Lamp:
    """A lamp read at that share of its claim, its true output up to `high` times what was read."""
    leds = Emitters(
        wavelength_nm=850.0, power_mw=100.0 * share, claimed_power_mw=100.0, half_angle_deg=30.0, rows=5, columns=5,
        pitch_mm=20.0, output_low=0.8, output_high=high,
    )  # fmt: skip
    return Lamp(id="mine", name="mine", kind="panel", output_status="measured", emitters=(leds,), **more)  # type: ignore[arg-type]


def test_a_measured_output_is_believed_as_far_as_its_readings_tell() -> None:
    prior = output_prior(settled_output(measured(0.9, 1.12), supervised=False))
    assert (prior.lower, prior.upper) == (0.8, 1.12)
    # Warming up and ageing are in no reading of one evening: a limit takes no less than for any measurement.
    assert prior.safety_factor == output_priors["measured"].safety_factor


def test_readings_that_are_not_certain_keep_the_claim_possible() -> None:
    prior = output_prior(settled_output(measured(0.6, 1.3), supervised=False))
    assert prior.upper == prior.safety_factor == pytest.approx(1.0 / 0.6)


def test_what_a_clinician_signed_stands_as_it_was_read() -> None:
    signed = measured(0.6, 1.3, reading_signed_by="Dr Ada Lovelace")
    assert output_prior(settled_output(signed, supervised=True)).safety_factor == 1.3
    assert output_prior(settled_output(signed, supervised=False)).safety_factor == pytest.approx(1.0 / 0.6)


def test_a_reading_that_does_not_count_takes_its_uncertainty_with_it() -> None:
    settled = settled_output(measured(0.1, 1.05), supervised=False)
    assert settled.output_status == "claimed"
    assert settled.emitters[0].output_high is None
    assert output_prior(settled) == output_priors["claimed"]
