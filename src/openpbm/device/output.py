"""How far a lamp's stated output is to be believed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from openpbm.facts.exposure import OutputPrior, output_priors
from openpbm.facts.lamps import Emitters, Lamp
from openpbm.facts.measurement_rules import measurement_rule

__all__ = ["output_prior", "output_quantile", "reading_counts", "safe_share", "settled_output"]

_Z_95 = 1.6448536269514722
# Beyond these the tails are the formula's, not the audits'.
_LOWEST_P, _HIGHEST_P = 0.001, 0.999
_score = np.vectorize(NormalDist().inv_cdf, otypes=[np.float64])


def output_prior(lamp: Lamp) -> OutputPrior:
    """How far this lamp's output is to be believed: widely for a claim, else as for any measurement or as it was read.

    Safety never takes less than for any measurement: how a lamp warms up and ages is in no reading of one evening.

    >>> from openpbm.facts.lamps import lamp_catalogue
    >>> output_prior(next(iter(lamp_catalogue))).safety_factor
    1.3
    """
    prior = output_priors[lamp.output_status]
    if all(emitters.output_high is None for emitters in lamp.emitters):
        return prior
    # Of several lamps one may be claimed and another read, and the wider bound of the two counts on either side.
    lower = min(emitters.output_low or prior.lower for emitters in lamp.emitters)
    upper = max(emitters.output_high or prior.upper for emitters in lamp.emitters)
    return dataclasses.replace(prior, lower=lower, upper=upper, safety_factor=max(prior.safety_factor, upper))


def output_quantile(prior: OutputPrior, p: ArrayLike) -> NDArray[np.float64]:
    """The factor on the stated output below which a share p of lamps lies [-].

    p : float or array in [0, 1]. Log-normal on each side of the median, so that 0.05 gives `lower`, 0.5 `median`
    and 0.95 `upper`; p beyond 0.001 and 0.999 is held there.

    >>> from openpbm.facts.exposure import output_priors
    >>> [round(float(factor), 2) for factor in output_quantile(output_priors["claimed"], [0.05, 0.5, 0.95])]
    [0.4, 0.72, 1.3]
    """
    # Two half-normals in logs: what audits found is skewed, most lamps give less than they claim and few give more.
    z = _score(np.clip(np.asarray(p, dtype=float), _LOWEST_P, _HIGHEST_P)) / _Z_95
    spread = np.where(z > 0.0, np.log(prior.upper / prior.median), np.log(prior.median / prior.lower))
    return np.asarray(prior.median * np.exp(z * spread))


def reading_counts(share: float | None, *, confirmed: bool, signed: bool) -> bool:
    """Whether a reading counts as measured, held against what the maker claims there.

    share : reading over claim [-], None where the claim does not reach
    confirmed : a second reading agrees; that helps a reading above the claim alone, since a slip of a factor that
        makes a lamp look weak is made twice with the same meter
    signed : a clinician answers for the reading

    >>> [reading_counts(share, confirmed=True, signed=False) for share in (0.1, 0.5, 1.5, 3.0, None)]
    [False, True, True, True, False]
    """
    if signed:
        return True
    if share is None or 100.0 * share < measurement_rule("lowest_share"):
        return False
    return confirmed or 100.0 * share <= measurement_rule("highest_share")


def safe_share(shares: Sequence[float]) -> float:
    """What safety takes for the output where readings do not count, over the claim [-]: the larger of the two.

    >>> safe_share([0.1]), safe_share([0.1, 3.0])
    (1.0, 3.0)
    """
    return max([1.0, *shares])


def settled_output(lamp: Lamp, *, supervised: bool) -> Lamp:
    """The lamp as it is planned with: measured where its readings count, else the larger of claim and reading.

    supervised : a clinician stands beside the course; what somebody alone says a clinician signed lifts nothing
    """
    bare = dataclasses.replace(lamp, reading_over_claim=None, claim_missing=False, whole_emitters=())
    if lamp.output_status == "claimed":
        return bare
    shares, signed = [_share(emitters) for emitters in lamp.emitters], supervised and bool(lamp.reading_signed_by)
    if all(reading_counts(share, confirmed=lamp.reading_confirmed, signed=signed) for share in shares):
        counted = (
            one if signed or share is None else _held_to_claim(one, share)
            for one, share in zip(lamp.emitters, shares, strict=True)
        )
        return dataclasses.replace(bare, emitters=tuple(_settled(one, 1.0) for one in counted))
    known = [1.0 if share is None else share for share in shares]
    emitters = tuple(
        dataclasses.replace(_settled(one, safe_share([share]) / share), output_low=None, output_high=None)
        for one, share in zip(lamp.emitters, known, strict=True)
    )
    unsettled = dataclasses.replace(bare, emitters=emitters, output_status="claimed")
    if None in shares:
        return dataclasses.replace(unsettled, claim_missing=True)
    return dataclasses.replace(unsettled, reading_over_claim=float(max(known, key=lambda share: abs(np.log(share)))))


def _share(emitters: Emitters) -> float | None:
    pairs = (
        (emitters.power_mw, emitters.claimed_power_mw),
        (emitters.irradiance_mw_cm2, emitters.claimed_irradiance_mw_cm2),
    )
    return next((read / claim for read, claim in pairs if read is not None and claim is not None), None)


def _held_to_claim(emitters: Emitters, share: float) -> Emitters:
    """The emitters with the claim inside their output's bounds, where the readings are less certain than they must be.

    A meter that nobody can vouch for may lower the dose that is expected, but not what safety holds possible.
    """
    most = 1.0 + measurement_rule("largest_uncertainty") / 100.0
    if emitters.output_high is None or emitters.output_high <= most:
        return emitters
    return dataclasses.replace(emitters, output_high=max(emitters.output_high, 1.0 / share))


def _settled(emitters: Emitters, factor: float) -> Emitters:
    """The emitters with their output times a factor, and without the claim it was held against."""
    power, irradiance, claim = emitters.power_mw, emitters.irradiance_mw_cm2, emitters.claimed_power_mw
    peak = emitters.peak_power_w
    # More power than claimed comes in stronger pulses, as far as anybody knows; less of it may come in fewer.
    if peak is not None and power is not None and claim is not None:
        peak *= max(1.0, power * factor / claim)
    return dataclasses.replace(
        emitters,
        power_mw=None if power is None else power * factor,
        irradiance_mw_cm2=None if irradiance is None else irradiance * factor,
        peak_power_w=peak,
        claimed_power_mw=None,
        claimed_irradiance_mw_cm2=None,
    )
