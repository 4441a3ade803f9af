"""What `openpbm respond` and `openpbm mechanism` give to programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from numpy.typing import NDArray

from openpbm.facts.mechanism import Finding, arrows, nodes
from openpbm.facts.notice import NOTICE
from openpbm.files import JsonObject
from openpbm.mechanism.course_answer import CourseAnswer, ScoreBand
from openpbm.mechanism.expected_course import ExpectedCourse
from openpbm.mechanism.personal import PersonalAnswer
from openpbm.mechanism.respond import NOT_IDENTIFIED, Response
from openpbm.mechanism.session_answer import Observable

__all__ = ["expected_as_json", "graph_as_json", "response_as_json"]

# Far below what anything here is known to.
_DIGITS = 7


def _rounded(values: NDArray[Any]) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values.tolist()]


def response_as_json(response: Response) -> dict[str, Any]:
    """The keys of docs/mechanism.md."""
    switches = response.switches
    return {
        "sessions": {
            "times_s": _rounded(response.times_s),
            "observables": [_observable(each) for each in response.observables],
        },
        "course": _course(response.course),
        "personal": None if response.personal is None else _personal(response.personal),
        "proposal": asdict(response.proposal),
        "arrows": [
            {
                "id": arrow.id,
                "grade": arrow.grade,
                "weight": arrow.weight,
                "on": switches.forced.get(arrow.id, "by weight"),
            }
            for arrow in arrows
        ],
        "not_identified": list(NOT_IDENTIFIED),
        "people": response.people,
        "seed": response.seed,
        "notice": NOTICE,
    }


def _observable(shown: Observable) -> dict[str, Any]:
    bands = {name: _rounded(getattr(shown, name)) for name in ("p5", "median", "p95", "thermal_median")}
    return {"name": shown.name, "compartment": shown.compartment, "unit": shown.unit, **bands}


def _band(band: ScoreBand) -> dict[str, list[float]]:
    return {name: _rounded(getattr(band, name)) for name in ("p5", "median", "p95")}


def _course(course: CourseAnswer) -> dict[str, Any]:
    return {
        "scale": course.scale,
        "maximum": course.maximum,
        "start": course.start,
        "days": _rounded(course.days),
        "sham": _band(course.sham),
        "specific": _band(course.specific),
        "total": _band(course.total),
        "weight_null": course.weight_null,
        "important_change": course.important_change,
        "chance_of_gain": course.chance_of_gain,
        "washout": asdict(course.washout),
    }


def _personal(person: PersonalAnswer) -> dict[str, Any]:
    return {
        "scores": [{"day": day, "points": points} for day, points in person.scores.items()],
        "effective_people": person.effective_people,
        "shrinkage": person.shrinkage,
        "specific": _band(person.specific),
        "total": _band(person.total),
        "weight_null": person.weight_null,
        "chance_of_gain": person.chance_of_gain,
        "washout": asdict(person.washout),
    }


def expected_as_json(expected: ExpectedCourse) -> JsonObject:
    """A course before the person's scores and after them, with the keys of docs/mechanism.md."""
    return {
        "course": _course(expected.course) | {"name": expected.course.name, "start_known": expected.start_known},
        "personal": _personal(expected.personal) | {"rests_on_enough": expected.personal.rests_on_enough},
        "people": expected.people,
        "notice": NOTICE,
    }


def graph_as_json() -> dict[str, Any]:
    """Nodes and arrows with grade, weight and what speaks for and against each."""

    def findings(rows: tuple[Finding, ...]) -> list[dict[str, str]]:
        return [{"text": row.text, "source": row.source} for row in rows]

    return {
        "nodes": [asdict(node) for node in nodes],
        "arrows": [
            {
                "id": arrow.id,
                "from": arrow.origin,
                "to": arrow.target,
                "sign": arrow.sign,
                "grade": arrow.grade,
                "weight": arrow.weight,
                "claim": arrow.claim,
                "for": findings(arrow.findings("for")),
                "against": findings(arrow.findings("against")),
                "measured_by": list(arrow.measured_by),
                "model": arrow.model,
                "brief": arrow.brief,
            }
            for arrow in arrows
        ],
        "notice": NOTICE,
    }
