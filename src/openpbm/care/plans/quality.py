"""How much is computed for a plan, and for the course that is expected of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings

from openpbm.errors import BadInput, Problem

__all__ = ["Amount", "amount_computed", "check_quality"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What is asked of `Quality` for the light of a plan, and of `expect_course`; what is not named is theirs."""

    light: dict[str, int] = field(default_factory=dict)
    course: dict[str, int] = field(default_factory=dict)


#: `quick` is for trying things out and never for real people: so little light makes a rough estimate.
_AMOUNTS = {"standard": Amount(), "quick": Amount(light={"scenarios": 16}, course={"people": 200})}


def amount_computed() -> Amount:
    """What the settings ask for."""
    check_quality(settings.PLAN_QUALITY)
    return _AMOUNTS[settings.PLAN_QUALITY]


def check_quality(name: str) -> None:
    """BadInput for a quality that is none; asked when the site starts, not first when a plan is ordered."""
    if name not in _AMOUNTS:
        raise BadInput(
            Problem(key="OPENPBM_PLAN_QUALITY", value=name, message=f"use {' or '.join(_AMOUNTS)}, or leave it out")
        )
