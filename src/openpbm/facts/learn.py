"""The ten questions people ask before they try light, answered from our own tables.

A number that one of our tables holds is written as {name} in the answer and filled in here, so that an answer cannot
drift from the facts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from annotated_types import MinLen

from openpbm.errors import FactsError
from openpbm.facts.conditions import Programme, Protocol, conditions, iron_rules, programme_condition
from openpbm.facts.costs import cost_inputs
from openpbm.facts.scales import scales
from openpbm.facts.studies import EVIDENCE_ONLY, against_sham, people_in, studies
from openpbm.facts.table import Table, digest, read_list
from openpbm.version import __version__

__all__ = ["NOT_REVIEWED", "PROGRAMMES", "Question", "evidence_version", "questions", "study_counts"]

NOT_REVIEWED = "Not clinically reviewed: no clinician has signed this text yet."
PROGRAMMES: tuple[Programme, ...] = ("rls", "neuropathic_pain", "neuropathy", "muscle_spasm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question with its answer.

    summary : the answer in one or two sentences, for the list of questions
    answer : paragraphs, numbers of our tables filled in
    programmes : whom it is for; empty for everyone
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    question: Annotated[str, MinLen(1)]
    summary: Annotated[str, MinLen(1)]
    answer: Annotated[tuple[str, ...], MinLen(1)]
    programmes: tuple[Programme, ...] = ()
    source: Annotated[str, MinLen(1)]
    further_sources: tuple[str, ...] = ()
    verified: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """Ids of everything the answer was read from, the most important first."""
        return (self.source, *self.further_sources)


def _read() -> list[Question]:
    known = _numbers()
    return [_filled(row, known) for row in read_list("learn/questions.toml", "questions", Question)]


# In the order of the brief, numbers of our tables filled in.
questions: Table[Question] = Table("question", _read)


def evidence_version() -> str:
    """Which facts an answer was made from: the package's version and the digest of its tables, computed."""
    return f"{__version__}, facts {digest()[:12]}"


def _filled(row: Question, known: dict[str, str]) -> Question:
    try:
        return dataclasses.replace(
            row,
            summary=row.summary.format_map(known),
            answer=tuple(paragraph.format_map(known) for paragraph in row.answer),
        )
    # A name nobody fills would be printed in braces to a patient; it stops the test instead.
    except (KeyError, IndexError, ValueError) as fault:
        raise FactsError(f"facts/data/learn/questions.toml: {row.id}: no table gives {{{fault}}}") from fault


def _numbers() -> dict[str, str]:
    """What a {name} in an answer may be, read from the tables of trials, conditions, iron and costs."""
    return {
        **study_counts(),
        **_protocols(),
        **{f"cost_{row.id}": _range(row.low, row.high) for row in cost_inputs},
        "no_trial_names": _listed(row.plain_name for row in conditions if row.no_trial and not row.specialist_only),
        "specialist_names": _listed(row.plain_name for row in conditions if row.specialist_only),
        "irls_sham_points": _sham_points("irls"),
        "ferritin_low": f"{iron_rules().ferritin_low_ug_l.value:g}",
    }


def study_counts() -> dict[str, str]:
    """Studies by condition and programme: all, null, against sham, null against sham; and people in each trial.

    >>> study_counts()["studies_rls"] >= study_counts()["sham_rls"]
    True
    """
    programme_of = {row.id: row.programme for row in conditions}
    # A review and a second look at the same people are no further studies; nor is one whose result nobody read.
    rows = [row for row in studies if row.kind not in ("review", "reanalysis") and not row.excluded]
    groups = {"": [row for row in rows if row.condition not in EVIDENCE_ONLY]}
    groups |= {f"_{name}": [row for row in rows if row.condition == name] for name in programme_of}
    groups |= {f"_{name}": [row for row in rows if programme_of.get(row.condition) == name] for name in PROGRAMMES}
    found = {f"people_{row.id.lower()}": f"{people_in(row) or 0}" for row in studies}
    for suffix, members in groups.items():
        sham = [row for row in members if against_sham(row)]
        found[f"studies{suffix}"] = str(len(members))
        found[f"null{suffix}"] = str(sum(row.null for row in members))
        found[f"sham{suffix}"] = str(len(sham))
        found[f"sham_null{suffix}"] = str(sum(row.null for row in sham))
    return found


def _protocols() -> dict[str, str]:
    """The advice of the brief for each programme, and the guideline dose that disagrees with it."""
    found: dict[str, str] = {}
    for programme in PROGRAMMES:
        advice = _protocol(programme_condition(programme).id, "brief")
        low, high = advice.irradiance_mw_cm2 or (0.0, 0.0)
        found[f"band_{programme}"] = _range(*advice.wavelength_nm)
        found[f"minutes_{programme}"] = _range(*advice.minutes)
        found[f"per_week_{programme}"] = _range(*advice.sessions_per_week)
        found[f"weeks_{programme}"] = _range(*advice.weeks)
        found[f"sessions_{programme}"] = _range(*_products(advice.sessions_per_week, advice.weeks))
        found[f"irradiance_{programme}"] = _range(low, high)
        # 1 mW/cm2 over 1 minute is 0.06 J/cm2.
        found[f"fluence_{programme}"] = _range(*(0.06 * dose for dose in _products((low, high), advice.minutes)))
    found["guideline_fluence"] = _range(*(_protocol("cipn", "guideline").fluence_j_cm2 or (0.0, 0.0)))
    return found


def _sham_points(scale_id: str) -> str:
    """How far a scale fell in sham arms, from the one row that a checkpoint compares with."""
    course = scales[scale_id].sham_course
    if course is None:
        raise FactsError(f"facts/data/scales/{scale_id}.toml: an answer asks for its sham course, which is not held")
    return f"{abs(course.change_mean):.2g}"


def _protocol(condition_id: str, origin: str) -> Protocol:
    return next(row for row in conditions[condition_id].protocols if row.origin == origin)


def _products(first: tuple[float, float], second: tuple[float, float]) -> tuple[float, float]:
    return first[0] * second[0], first[1] * second[1]


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _listed(plain_names: Iterable[str]) -> str:
    """Names as they stand inside a sentence: first letters small, parted so that a name may hold a comma."""
    *most, last = [name[0].lower() + name[1:] for name in plain_names]
    return f"{'; '.join(most)}; and {last}" if most else last
