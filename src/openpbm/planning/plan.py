"""The plan: everything a course of light rests on, complete enough to be made again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from openpbm.facts.conditions import Protocol
from openpbm.facts.notice import NOTICE
from openpbm.planning.overrides import PlanOverrides
from openpbm.planning.schedule import Schedule
from openpbm.safety import Screening

__all__ = ["Plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A screened case with its dose, exposures and, when allowed, its prescription and schedule.

    `dose`, `skin`, `eye`, `curves` are given whenever they could be computed, whatever the verdict.
    """

    screening: Screening
    overrides: PlanOverrides
    protocol: Protocol | None
    evidence: dict[str, Any]
    prescription: dict[str, Any] | None
    dose: tuple[dict[str, Any], ...]
    skin: dict[str, float | None] | None
    eye: dict[str, Any] | None
    placement: dict[str, Any]
    session_minutes: float | None
    exposure_minutes: float | None
    schedule: Schedule | None
    curves: tuple[dict[str, Any], ...]
    window_draws: tuple[dict[str, Any], ...]
    irradiance_map: dict[str, Any] | None
    case: dict[str, Any]
    unverified: tuple[str, ...]
    provenance: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The plan as JSON: the content of plan.json."""
        screened = self.screening.to_dict()
        return {
            "format": "openpbm-plan-1",
            "verdict": screened["verdict"],
            "reasons": screened["reasons"],
            "cautions": screened["cautions"],
            "candidacy": screened["candidacy"],
            "overrides": self.overrides.to_dict(),
            "evidence": self.evidence,
            "prescription": self.prescription,
            "protocol": None if self.protocol is None else asdict(self.protocol),
            "dose": list(self.dose),
            "skin": self.skin,
            "eye": self.eye,
            "placement": self.placement,
            "session_minutes": self.session_minutes,
            "exposure_minutes": self.exposure_minutes,
            "schedule": None if self.schedule is None else asdict(self.schedule),
            **self.case,
            "curves": list(self.curves),
            "window_draws": list(self.window_draws),
            "irradiance_map": self.irradiance_map,
            "unverified": list(self.unverified),
            "notice": NOTICE,
            "provenance": self.provenance,
        }
