"""What is not known of a condition: what the table holds of each gap, what would close it, how large a trial could."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from openpbm.evidence.synthesis.results import TrialResult
from openpbm.evidence.synthesis.summary import ConditionSummary, summarise
from openpbm.evidence.table.dose import complete
from openpbm.evidence.table.rows import EvidenceTable
from openpbm.facts.evidence_gaps import EvidenceGap, GapId, evidence_gaps
from openpbm.facts.main_outcomes import MainOutcome
from openpbm.facts.scales import scales

__all__ = ["GapFinding", "Spread", "gap_register", "people_an_arm", "spread_of"]

# Quantiles of the normal: two-sided 5 percent, and power 80 percent.
_ALPHA_Z, _POWER_Z = 1.959964, 0.841621
_AT_LEAST_FOR_A_FACTOR = 10
_STEPS = ("nerve_conduction", "blood_flow", "tcpo2", "vpt", "current_perception", "sensory_tests", "monofilament")
_QUALITY_OF_LIFE = ("eq5d5l", "quality_of_life", "sf36")


@dataclass(frozen=True, slots=True)
class Spread:
    """Between people, of the change of the main outcome, in its unit; `basis` says where it is from."""

    value: float
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFinding:
    """One gap for one condition; `people`: in all arms, None where no spread is known."""

    gap: EvidenceGap
    condition: str
    holds: str
    people: int | None
    size: str

    def to_dict(self) -> dict[str, object]:
        """As JSON."""
        gap = self.gap
        return {
            "id": gap.id, "condition": self.condition, "name": gap.name, "question": gap.question, "holds": self.holds,
            "closes": gap.closes, "arms": gap.arms, "people": self.people, "size": self.size, "source": gap.source,
        }  # fmt: skip


def gap_register(table: EvidenceTable, summary: ConditionSummary) -> tuple[GapFinding, ...]:
    """Every gap for one condition, counted from its rows."""
    spread = spread_of(table, summary.outcome)
    return tuple(_finding(gap, summary, spread) for gap in evidence_gaps)


def _finding(gap: EvidenceGap, summary: ConditionSummary, spread: Spread | None) -> GapFinding:
    holds = _HOLDS[gap.id](summary)
    if spread is None:
        return GapFinding(
            gap=gap, condition=summary.condition, holds=holds, people=None,
            size="No spread of the main outcome is held, so that no size can be computed.",
        )  # fmt: skip
    important = summary.outcome.important
    one = math.ceil(people_an_arm(spread.value, important) * gap.times / (1.0 - gap.lost))
    size = (
        f"{one} people in each of {gap.arms} arms find a difference of {important:g} ({summary.outcome.short_unit})"
        f" with power 0.8 ({gap.why_size}; {spread.basis}; {100.0 * gap.lost:.0f} percent lost allowed for)."
    )
    return GapFinding(gap=gap, condition=summary.condition, holds=holds, people=one * gap.arms, size=size)


def people_an_arm(spread: float, difference: float) -> float:
    """People in each of two arms that find a difference with power 0.8 at two-sided 0.05: 2 (z1 + z2)^2 (SD / d)^2.

    >>> round(people_an_arm(9.2, 3.0))
    148
    """
    return 2.0 * ((_ALPHA_Z + _POWER_Z) * spread / difference) ** 2


def spread_of(table: EvidenceTable, outcome: MainOutcome) -> Spread | None:
    """The spread of change between people: of the sham course of the scale, else pooled over trials with numbers."""
    scale = scales.get(outcome.id)
    if scale is not None and scale.sham_course is not None and scale.sham_course.person_sd:
        return Spread(scale.sham_course.person_sd, f"spread {scale.sham_course.person_sd:g}, as in sham arms")
    wanted = {study.condition for study in table.studies} & set(outcome.conditions)
    numbers = [result for name in sorted(wanted) for result in summarise(table, name).numbers]
    # Two arms of n/2 people: the error of their difference is 2 SD / root n.
    known = [(result.people, (result.error or 0.0) ** 2 * result.people / 4.0) for result in numbers if result.people]
    if not known:
        return None
    pooled = math.sqrt(sum(people * variance for people, variance in known) / sum(people for people, _ in known))
    return Spread(pooled, f"spread {pooled:.1f}, pooled over {len(known)} trials")


def _parameters(summary: ConditionSummary) -> str:
    doses = [dose for entry in summary.entries for dose in entry.doses]
    known = sum(bool({"fluence_j_cm2", "session_fluence_j_cm2"} & complete(dose).values.keys()) for dose in doses)
    measured = sum(dose.irradiance_how == "measured" for dose in doses)
    return f"J/cm2 can be had for {known} of {len(doses)} arms with light; {measured} had their irradiance measured."


def _selection(summary: ConditionSummary) -> str:
    count = len(summary.numbers)
    return (
        f"{_trials(count)} with numbers; about {_AT_LEAST_FOR_A_FACTOR} are needed to look at one feature of people,"
        " and the table holds no result by such a feature."
    )


def _durability(summary: ConditionSummary) -> str:
    later = [weeks for result in summary.results if (weeks := _longest_after(summary, result)) is not None]
    if not later:
        return f"None of {_trials(len(summary.results))} with sham light prints a result after the end of treatment."
    return (
        f"{len(later)} of {_trials(len(summary.results))} with sham light looked after the end of treatment,"
        f" at most {max(later):.0f} weeks."
    )


def _longest_after(summary: ConditionSummary, result: TrialResult) -> float | None:
    """Weeks between the end of treatment, as far as it is known, and the last row of a trial; None without any."""
    entry = next(entry for entry in summary.entries if entry.study.id == result.study)
    ends = [dose.weeks for dose in entry.doses if dose.weeks]
    last = max((row.weeks for row in entry.outcomes if row.weeks is not None), default=None)
    if last is None or not ends or last <= max(ends) + 1.0:
        return None
    return last - max(ends)


def _mechanism(summary: ConditionSummary) -> str:
    found = sum(any(row.outcome in _STEPS for row in entry.outcomes) for entry in summary.entries)
    return (
        f"{found} of {_trials(len(summary.found))} measured a step in nerve, blood or feeling; none before the symptom."
    )


def _comparison(summary: ConditionSummary) -> str:
    roles = [{arm.role for arm in entry.arms} for entry in summary.entries]
    drug, other = sum("drug" in found for found in roles), sum("other treatment" in found for found in roles)
    return f"{_trials(drug)} with a medicine as an arm, {other} with another treatment."


def _cost(summary: ConditionSummary) -> str:
    found = sum(any(row.outcome in _QUALITY_OF_LIFE for row in entry.outcomes) for entry in summary.entries)
    return f"No row holds a cost; {_trials(found)} measured quality of life."


_HOLDS: Mapping[GapId, Callable[[ConditionSummary], str]] = {
    "parameters": _parameters,
    "selection": _selection,
    "durability": _durability,
    "mechanism": _mechanism,
    "comparison": _comparison,
    "cost": _cost,
}


def _trials(count: int) -> str:
    return "1 trial" if count == 1 else f"{count} trials"
