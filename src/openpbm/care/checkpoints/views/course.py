"""My course and my progress: where one is, what was given, and what can honestly be said."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openpbm.care.checkpoints.course import course_digest, course_of
from openpbm.care.checkpoints.current import newest_judgement
from openpbm.care.checkpoints.now import adherence_sentence, course_now, lamp_sentence, light_sentence
from openpbm.care.checkpoints.plain_words import PlainJudgement, plain_judgement
from openpbm.care.checkpoints.progress_chart import progress_of
from openpbm.care.people.access import CLINICIAN, HELPER, PATIENT, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.current import newest_release, released_plan
from openpbm.care.screening.telling import no_light
from openpbm.report.checkpoint_wording import crisis_text

__all__ = ["my_course", "progress"]


@person_page(PATIENT, HELPER, CLINICIAN)
@require_GET
def my_course(request: HttpRequest, person: Person) -> HttpResponse:
    """Where the person is in their course."""
    release = newest_release(person)
    context: dict[str, Any] = {"person": person, "release": release, "own": _own(request)}
    if release is None:
        context["no_light"] = no_light(person, has_plan=False)
    else:
        now = course_now(person, release.plan)
        context |= {
            "now": now,
            "done": adherence_sentence(now.done.to_dict()),
            "light": light_sentence(now.light),
            "lamp": lamp_sentence(now.core.document),
        }
    return render(request, "checkpoints/my_course.html", context)


@person_page(PATIENT, HELPER, CLINICIAN)
@require_GET
def progress(request: HttpRequest, person: Person) -> HttpResponse:
    """The ratings as they were written, beside the sessions, and the sentence of the newest judgement."""
    plan = released_plan(person)
    context: dict[str, Any] = {"person": person, "plan": plan, "own": _own(request)}
    if plan is not None:
        newest = newest_judgement(person, plan)
        said: PlainJudgement | None = None if newest is None else plain_judgement(newest.judgement)
        course = course_of(person, plan)
        asked = {row.scale for row in course.scores}
        context |= {"progress": progress_of(course, person.today()), "said": said, "crisis": crisis_text(asked)}
        context["stale"] = newest is not None and newest.course_digest != course_digest(person, plan)
    return render(request, "checkpoints/progress.html", context)


def _own(request: HttpRequest) -> bool:
    return bool(request.relation == PATIENT)  # type: ignore[attr-defined]
