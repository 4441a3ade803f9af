"""The public pages on how light is said to work: the drawing with its arrows, one page for each arrow."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpbm.care.learn.arrow_map import arrow_map
from openpbm.care.learn.forms import SessionForm
from openpbm.care.learn.session_panels import answered, panels_of
from openpbm.care.learn.views import sign_off
from openpbm.errors import BadInput
from openpbm.facts.mechanism import GRADE_WORDS, Arrow, Finding, Grade, MechanismNode, arrows, nodes
from openpbm.facts.references import Reference, references

__all__ = ["arrow", "how", "one_session"]

#: The badge of each grade; the word beside it says the same.
GRADE_BADGES: dict[Grade, str] = {"A": "ok", "B": "info", "C": "plain", "D": "caution", "E": "caution"}
#: What is wrong with an arrow as it is claimed.
MARKS = {"reversed": "wrong way round", "unsupported": "nothing supports it"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """An arrow as a reader meets it: its ends, its grade in words, and what is wrong with it as claimed."""

    row: Arrow
    origin: MechanismNode
    target: MechanismNode
    grade_words: str
    badge: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What speaks for an arrow or against it, with the paper it comes from."""

    finding: Finding
    reference: Reference


@login_not_required
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """All arrows: drawn where there is room, and as a list by what they start from."""
    steps = sorted(map(_step, arrows), key=lambda step: list(nodes.ids).index(step.origin.id))
    groups = [(origin, list(of)) for origin, of in itertools.groupby(steps, key=lambda step: step.origin)]
    grades = [
        (grade, words, GRADE_BADGES[grade], sum(row.grade == grade for row in arrows))
        for grade, words in GRADE_WORDS.items()
    ]
    sure = sum(row.grade == "A" for row in arrows)
    context = {"map": arrow_map(), "steps": {step.row.id: step for step in steps}, "groups": groups}
    context |= {"grades": grades, "count": len(arrows), "sure": sure, **sign_off()}
    return render(request, "learn/how.html", context)


@login_not_required
@require_safe
def arrow(request: HttpRequest, arrow: str) -> HttpResponse:
    """One arrow: its grade, what speaks for it and against it, what would show it, and the sources."""
    try:
        row = arrows[arrow]
    except BadInput as unknown:
        raise Http404(str(unknown)) from unknown
    rows = list(arrows)
    neighbours = dict(enumerate(rows))
    place = rows.index(row)
    context = {
        "step": _step(row),
        "studies": {side: [_study(finding) for finding in row.findings(side)] for side in ("for", "against")},
        "in_hundred": round(100 * row.weight),
        "previous": neighbours.get(place - 1),
        "next": neighbours.get(place + 1),
    }
    return render(request, "learn/arrow.html", {**context, **sign_off()})


@login_not_required
@require_safe
def one_session(request: HttpRequest) -> HttpResponse:
    """What would follow in one session if steps were so; computed when it is asked for, nothing is kept of who asks."""
    form = SessionForm(request.GET) if "lamp" in request.GET else SessionForm(initial={"lamp": "light"})
    context: dict[str, object] = {"form": form, **sign_off()}
    if form.is_bound and form.is_valid():
        answer = answered(form.forced(), form.chosen_lamp())
        context |= {"busy": True} if answer is None else {"panels": panels_of(answer), "people": answer.people}
    return render(request, "learn/one_session.html", context)


def _step(row: Arrow) -> Step:
    return Step(
        row=row,
        origin=nodes[row.origin],
        target=nodes[row.target],
        grade_words=GRADE_WORDS[row.grade],
        badge=GRADE_BADGES[row.grade],
        mark=MARKS.get(row.brief, ""),
    )


def _study(finding: Finding) -> Study:
    return Study(finding=finding, reference=references[finding.source])
