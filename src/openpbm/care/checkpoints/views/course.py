"""My course and my progress: where the person stands, what was given, and what can honestly be said."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from openpbm.care.checkpoints.course import build_course, course_digest
from openpbm.care.checkpoints.now import adherence_sentence, course_now, lamp_sentence, light_sentence
from openpbm.care.checkpoints.plain_words import plain_judgement
from openpbm.care.checkpoints.progress import SESSION_WORDS, progress_of
from openpbm.care.checkpoints.progress_chart import now_and_before, planned_and_given, ratings_chart, score_chart
from openpbm.care.checkpoints.selectors import newest_judgement
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import newest_release, released_plan
from openpbm.care.scales.month_grid import month_grid
from openpbm.care.screening.wording import no_light
from openpbm.delivery.place import planned_places
from openpbm.planning import AllowedPlan
from openpbm.report.body_choice import render_site_map
from openpbm.report.checkpoint_wording import crisis_text
from openpbm.wording import gap_in_words, touches

__all__ = ["my_course", "progress"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def my_course(request: PersonRequest, person: Person) -> HttpResponse:
    """Where the person is in their course."""
    release = newest_release(person)
    context: dict[str, object] = {"person": person, "release": release, "own": _own(request)}
    if release is None:
        context["no_light"] = no_light(person, has_plan=False)
    else:
        now = course_now(person, release.plan)
        context |= {
            "now": now,
            "done": adherence_sentence(now.done.to_dict()),
            "light": light_sentence(now.light),
            "lamp": lamp_sentence(now.core.lamp),
            **_where(now.core),
        }
    return render(request, "checkpoints/my_course.html", context)


def _where(plan: AllowedPlan) -> dict[str, object]:
    """The person's own map: the places of a session in their order, and how far the lamp stands."""
    distance = plan.placement.distance_mm
    return {
        # Every text in it was escaped as it was filled in.
        "site_map": mark_safe(render_site_map(planned_places(plan.schedule.sessions[0]))),
        "gap": "" if distance is None else gap_in_words(distance),
        "spacer": distance is not None and not touches(distance),
    }


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def progress(request: PersonRequest, person: Person) -> HttpResponse:
    """The ratings as they were written, beside the sessions, and the sentence of the newest judgement."""
    plan = released_plan(person)
    context: dict[str, object] = {"person": person, "plan": plan, "own": _own(request)}
    if plan is not None:
        context |= _progress_context(person, plan, request.GET.get("month"))
    return render(request, "checkpoints/progress.html", context)


def _progress_context(person: Person, plan: PlanRow, month: str | None) -> dict[str, object]:
    newest = newest_judgement(person, plan)
    course = build_course(person, plan)
    today = person.today()
    shown = progress_of(course, today)
    before, recent = now_and_before(shown, today)
    worst = {row.date: row.severity for row in shown.drawn.diary}
    sessions = {day: SESSION_WORDS[status] for day, status in shown.session_of_day.items()}
    return {
        "progress": shown,
        "ratings_chart": ratings_chart(shown, today),
        "before": before,
        "recent": recent,
        "weeks_given": planned_and_given(shown, today),
        "grid": month_grid(month, today, worst, sessions),
        "score_charts": [(series, score_chart(series, shown)) for series in shown.scores],
        "plain": None if newest is None else plain_judgement(newest.judgement),
        "stale": newest is not None and newest.course_digest != course_digest(person, plan),
        "crisis": crisis_text({row.scale for row in course.scores}),
    }


def _own(request: PersonRequest) -> bool:
    return request.relation == Relation.PATIENT
