"""The end of the path: the answers are recorded, the person is screened, and the plan is ordered, all at once."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from openpbm.care.home.first_path.choice import PathChoice
from openpbm.care.people.actions import record_intake
from openpbm.care.plans.actions import ask_a_clinician, order_plan
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.baseline import proposed_start
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.session_lamps import ChosenLamp

__all__ = ["finish"]

_REASON = "Answered on the way to a first course"
#: What only somebody who has seen the person may decide: it is asked for on one page.
_FOR_A_CLINICIAN = ("ask", "needs_clinician")


def finish(path: PathChoice) -> HttpResponse:
    """To the plan that is being made, or to what keeps it from being made.

    Raises BadInput where answers, places or lamp cannot be recorded as they are; then nothing is.
    """
    screening = _recorded(path)
    if not ask_a_clinician(screening):
        return redirect("jobs:job", order_plan(screening=screening, by=path.user, overrides=None).pk)
    to_one_page = screening.verdict in (*_FOR_A_CLINICIAN, "allowed")
    page = "screening:request" if to_one_page else "screening:show"
    return redirect(page, person_id=path.person.pk, screening_id=screening.pk)


@transaction.atomic
def _recorded(path: PathChoice) -> ScreeningRow:
    lamp, person, draft = path.lamp(), path.person, path.draft
    assert lamp is not None
    # Sent twice, the second finds what the first recorded: every id follows from the draft.
    record_intake(id=draft.id, person=person, document=path.document, reason=_REASON, by=path.user)
    screening = screen_person(
        person=person,
        lamps=[ChosenLamp(lamp=lamp)],
        sites=path.places,
        start_date=proposed_start(person),
        by=path.user,
        id=uuid.uuid5(draft.id, "screening"),
    )
    draft.forget()
    return screening
