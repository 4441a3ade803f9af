"""A flexible pad bent round a limb: how much more light comes together below the skin than under a flat one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from openpbm.case import Case, SiteChoice
from openpbm.device import lies_on_skin
from openpbm.facts.rules import computed
from openpbm.facts.sites import sites
from openpbm.planning.site_light import SiteLight
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure

__all__ = ["roundness_gain", "wrapped_reasons"]

# Below the skin light has turned round after so far, and it starts from that much nearer to the axis; half of that is
# done after 2.5 mm. Both fitted to benchmarks/wrapped_limb.py.
_TURNED_MM, _WITHIN_MM = 2.0, 2.5
# Less than this is not said: far below what is not known of tissue and lamp.
_WORTH_SAYING = 1.1


def roundness_gain(depth_mm: float, circumference_mm: float) -> float:
    """Fluence rate under even light from all round a cylinder, over that under the same irradiance on flat skin [-].

    depth_mm : under the skin, above the axis;  circumference_mm : infinite for flat skin

    What spreads from a cylinder's face toward its axis comes together as the root of the radii, sqrt(R / (R - d)), the
    limit of the Bessel function I0 far from the axis, whatever the tissue absorbs; light turns below the skin, nearer
    to the axis by 2 mm. Against diffusion in layered cylinders (benchmarks/wrapped_limb.py), to two thirds of the
    radius: within 3 % from 30 mm radius on, 4 % at the wrist, up to 14 % too low in fingers and toes.

    >>> round(roundness_gain(17.8, 358.0), 2), roundness_gain(17.8, math.inf)
    (1.25, 1.0)
    """
    if math.isinf(circumference_mm):
        return 1.0
    radius_mm = circumference_mm / (2.0 * math.pi)
    # Toward the axis the root grows beyond all bounds, which diffuse light does not: nothing is told of the last third.
    depth = min(depth_mm, 2.0 / 3.0 * radius_mm)
    turned = 1.0 + _TURNED_MM / radius_mm * -math.expm1(-depth / _WITHIN_MM)
    return math.sqrt(radius_mm / (radius_mm - depth)) * turned


def wrapped_reasons(case: Case, exposure: Exposure, lit: Sequence[SiteLight]) -> Iterator[Reason]:
    """What a wrap round a limb gives more than its plan tells, where that is more than a tenth."""
    if case.device.kind != "wrap" or not lies_on_skin(case.device, exposure.distance_mm):
        return
    for here in lit:
        ends_mm, depth_mm = _circumference_mm(here.choice), float(here.tissues.depth_of(here.structures[0]).mean())
        if ends_mm is None or roundness_gain(depth_mm, ends_mm[0]) < _WORTH_SAYING:
            continue
        yield computed(
            "wrap_taken_flat",
            low=ends_mm[0] / 10.0,
            high=ends_mm[1] / 10.0,
            least=roundness_gain(depth_mm, ends_mm[1]),
            most=roundness_gain(depth_mm, ends_mm[0]),
            structure=here.structures[0].replace("_", " "),
            depth=depth_mm,
        )


def _circumference_mm(choice: SiteChoice) -> tuple[float, float] | None:
    """The thinnest and the thickest that the limb may be: measured with a tape, to a cm, or of nine in ten people."""
    if choice.limb_circumference_cm is not None:
        return 10.0 * choice.limb_circumference_cm - 5.0, 10.0 * choice.limb_circumference_cm + 5.0
    span = sites[choice.site].limb_circumference_mm
    return None if span is None else (span.p5, span.p95)
