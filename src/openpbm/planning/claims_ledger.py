"""The claims ledger with our own numbers: each claim of the brief, and what our physics says where it can say anything.

Who adds a number writes one function and names its claim in `_COMPUTED`; keys carry their units.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from openpbm.device import beam
from openpbm.facts.claims import Claim, brief_claims
from openpbm.facts.conditions import Protocol, conditions
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning.light import axial_light, stacks_of
from openpbm.planning.prescription import fluence_j_cm2
from openpbm.safety.exposure_limits import cornea_seconds, whole_seconds
from openpbm.tissue import draw_tissues
from openpbm.transport.plane_stacks import Incidence

__all__ = ["ClaimNumbers", "LedgerRow", "claims_ledger"]

Numbers: TypeAlias = "Mapping[str, float | Numbers]"

# Depths that the brief's 2 to 7 cm run over.
_DEPTHS_MM = (20.0, 30.0, 50.0, 70.0)
# Another draw moves the medians by some 5 %, at 7 cm by 10 %, while people differ by a factor of ten and more.
_PEOPLE = 256
_SEED = 0
_PERCENTS = {"p5": 5.0, "median": 50.0, "p95": 95.0}
_EYE_MW_CM2 = (10.0, 30.0, 50.0)
_W_M2_PER_MW_CM2 = 10.0
_PANEL = "panel_660_850"
_NEAR_MM, _FAR_MM = 150.0, 300.0
# A strong whole-body lamp, and about the half of an adult's skin that faces it.
_BODY_MW_CM2, _BODY_M2, _BODY_MINUTES = 30.0, 0.8, 20.0
_W_PER_MW_CM2_M2 = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNumbers:
    """What our physics says of a claim: numbers under keys that carry their units, and the same in a plain sentence."""

    values: Numbers
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One claim of the brief. `computed` is None where our physics has nothing to say of it."""

    claim: Claim
    computed: ClaimNumbers | None

    @property
    def text(self) -> str:
        """The correction, and our numbers where there are any, in plain words."""
        if self.computed is None:
            return self.claim.correction
        return f"{self.claim.correction} {self.computed.sentence}"


def claims_ledger() -> tuple[LedgerRow, ...]:
    """Every claim of the brief in the order of its articles; the numbers are computed once a process, in about 1 s."""
    rows = [LedgerRow(claim=claim, computed=_computed(claim.id)) for claim in brief_claims]
    return tuple(sorted(rows, key=lambda row: row.claim.where))


@functools.cache
def _computed(claim_id: str) -> ClaimNumbers | None:
    compute = _COMPUTED.get(claim_id)
    return None if compute is None else compute()


def _light_left(depths_mm: tuple[float, ...]) -> NDArray[np.float64]:
    """(person, depth) fluence rate over that just below the surface: calf, 850 nm, broad light, straight in [-].

    The people are adults of unknown sex, build and skin.
    """
    tissues = draw_tissues(sites["posterior_calf"], Person(), count=_PEOPLE, seed=_SEED)
    depths = np.broadcast_to(np.array((0.0, *depths_mm)), (_PEOPLE, 1 + len(depths_mm)))
    rates, _ = axial_light(stacks_of(tissues, 850.0), Incidence.plane_wave(), depths)
    shares: NDArray[np.float64] = rates[:, 1:] / rates[:, :1]
    return shares


def _depth() -> ClaimNumbers:
    shares = _light_left(_DEPTHS_MM)
    bands = {
        f"{depth:g}": {name: float(np.percentile(share, percent)) for name, percent in _PERCENTS.items()}
        for depth, share in zip(_DEPTHS_MM, shares.T, strict=True)
    }
    middle = [bands[f"{depth:g}"]["median"] for depth in _DEPTHS_MM]
    sentence = (
        f"We worked it out for the calf at 850 nm. Of the light just under the surface, about {_part(middle[0])} is "
        f"left at 2 cm. At 3 cm it is {_part(middle[1])}. At 5 cm it is {_part(middle[2])}."
    )
    return ClaimNumbers(values={"fraction_at_mm": bands}, sentence=sentence)


def _part(share: float) -> str:
    """A share as a count in a hundred, a thousand or more, to one digit, never as a power of ten."""
    for name, size in (("100", 1e2), ("1000", 1e3), ("10,000", 1e4), ("a million", 1e6)):
        if round(share * size) >= 1:
            return f"{share * size:.0f} part{'s' * (round(share * size) > 1)} in {name}"
    return "less than 1 part in a million"


def _brief_protocol(condition_id: str) -> Protocol:
    return next(row for row in conditions[condition_id].protocols if row.origin == "brief")


def _skin_fluence(protocol: Protocol) -> tuple[float, float]:
    """Fluence at the skin of one session, least and most [J/cm2]."""
    irradiance = protocol.irradiance_mw_cm2 or (0.0, 0.0)
    low, high = (fluence_j_cm2(*pair) for pair in zip(irradiance, protocol.minutes, strict=True))
    return low, high


def _ends(low: float, high: float) -> Numbers:
    return {"low": low, "high": high}


def _rls_dose() -> ClaimNumbers:
    protocol = _brief_protocol("rls_primary")
    low, high = _skin_fluence(protocol)
    fewest, most = (rate * weeks for rate, weeks in zip(protocol.sessions_per_week, protocol.weeks, strict=True))
    guideline = next(row for row in conditions["cipn"].protocols if row.origin == "guideline").fluence_j_cm2
    advised = guideline or (0.0, 0.0)
    values: Numbers = {
        "skin_fluence_j_cm2": _ends(low, high),
        "course_skin_fluence_j_cm2": _ends(low * fewest, high * most),
        "cancer_guideline_skin_fluence_j_cm2": _ends(*advised),
    }
    sentence = (
        f"That makes {low:g} to {high:g} J/cm2 on the skin each time. "
        f"The advice in cancer care is {advised[0]:g} to {advised[1]:g} J/cm2."
    )
    return ClaimNumbers(values=values, sentence=sentence)


def _spasm_dose() -> ClaimNumbers:
    low, high = _skin_fluence(_brief_protocol("myofascial_spasm"))
    sentence = f"At 10 to 50 mW/cm2 that is {low:g} to {high:g} J/cm2 on the skin."
    return ClaimNumbers(values={"skin_fluence_j_cm2": _ends(low, high)}, sentence=sentence)


def _eye() -> ClaimNumbers:
    seconds = {f"{level:g}": cornea_seconds(level * _W_M2_PER_MW_CM2) for level in _EYE_MW_CM2}
    weak, strong = (whole_seconds(seconds[level]) for level in ("30", "50"))
    sentence = (
        f"At 50 mW/cm2 of near infrared the front of a bare eye has had enough after {strong:.0f} seconds. "
        f"At 30 mW/cm2 it is {weak:.0f} seconds. Other limits for the eye may be shorter still."
    )
    return ClaimNumbers(values={"bare_eye_cornea_seconds_at_mw_cm2": seconds}, sentence=sentence)


def _distance() -> ClaimNumbers:
    near, far = (_on_axis_mw_cm2(distance) for distance in (_NEAR_MM, _FAR_MM))
    values: Numbers = {
        "panel_irradiance_at_mm_mw_cm2": {f"{_NEAR_MM:g}": near, f"{_FAR_MM:g}": far},
        "share_kept_at_twice_the_distance": far / near,
        "share_by_inverse_square": (_NEAR_MM / _FAR_MM) ** 2,
    }
    sentence = (
        f"In front of a common panel, {100 * far / near:.0f} in 100 parts are left at 30 cm of what there is at 15 cm. "
        "A quarter would be 25 in 100."
    )
    return ClaimNumbers(values=values, sentence=sentence)


def _on_axis_mw_cm2(distance_mm: float) -> float:
    """Irradiance in front of the middle of the panel, all its light, as stated [mW/cm2]."""
    return float(beam(lamp_catalogue[_PANEL], distance_mm).irradiance_mw_cm2(0.0, 0.0))


def _whole_body() -> ClaimNumbers:
    power_w = _BODY_MW_CM2 * _BODY_M2 * _W_PER_MW_CM2_M2
    values: Numbers = {
        "irradiance_mw_cm2": _BODY_MW_CM2,
        "lit_skin_m2": _BODY_M2,
        "power_w": power_w,
        "energy_kj": power_w * _BODY_MINUTES * 60.0 / 1000.0,
        "minutes": _BODY_MINUTES,
    }
    sentence = f"At 30 mW/cm2 on 0.8 square meters of skin, {power_w:.0f} watts of light fall on the body."
    return ClaimNumbers(values=values, sentence=sentence)


_COMPUTED: Mapping[str, Callable[[], ClaimNumbers]] = {
    "penetrates_centimetres": _depth,
    "rls_dose": _rls_dose,
    "up_to_an_hour": _spasm_dose,
    "eyewear_unnecessary": _eye,
    "four_numbers_matter": _distance,
    "whole_body": _whole_body,
}
