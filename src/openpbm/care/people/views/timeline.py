"""What changed beside the light."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import record_change
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import ChangeForm
from openpbm.care.people.medicine_names import offered_names
from openpbm.care.people.models import Change, Person
from openpbm.care.people.selectors import latest_intake
from openpbm.errors import BadInput
from openpbm.facts.timeline_kinds import timeline_action, timeline_kind

__all__ = ["timeline"]

_A_PAGE = 50


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def timeline(request: PersonRequest, person: Person) -> HttpResponse:
    """The changes, newest first, and a new one."""
    form = ChangeForm(request.POST if request.method == "POST" else None, initial={"date": person.today()})
    if request.method == "POST" and form.is_valid() and _record(request, person, form):
        return redirect("people:timeline", person_id=person.pk)
    rows = Paginator(person.changes.select_related("created_by").order_by("-date", "-audit_number"), _A_PAGE)
    page = rows.get_page(request.GET.get("page"))
    context = {
        "person": person,
        "form": form,
        "page": page,
        "changes": [_shown(row) for row in page],
        "medicines": offered_names(),
    }
    return render(request, "people/timeline.html", context)


def _record(request: SignedInRequest, person: Person, form: ChangeForm) -> bool:
    before = latest_intake(person)
    try:
        record_change(person=person, by=request.user, **form.cleaned_data)
    except BadInput as error:
        add_problems(form, error)
        return False
    except Conflict:
        form.add_error(None, "This form was sent already with something else in it. Open the page again.")
        return False
    newest = latest_intake(person)
    if newest is not None and newest != before:
        messages.warning(
            request, "Saved. Your medicines changed, so your plan is checked again before the next session."
        )
    else:
        messages.success(request, "Saved.")
    return True


def _shown(row: Change) -> dict[str, object]:
    kind, action = timeline_kind(row.kind), timeline_action(row.action)
    return {
        "row": row,
        "kind": row.kind if kind is None else kind.name.capitalize(),
        "action": row.action if action is None else action.word,
        "weeks": 0 if kind is None or not kind.lowers_grade or action is None or not action.changes
        else kind.window_days // 7,
    }  # fmt: skip
