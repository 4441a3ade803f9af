"""The lifestyle plan of a person: what is kept as it is while light is judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.lifestyle import HABITS, habits_of, keep_habits
from openpbm.care.people.models import Change, Person
from openpbm.errors import BadInput

__all__ = ["lifestyle"]


class LifestyleForm(forms.Form):
    """A line for each habit, and the day from which what is new or worded otherwise holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in HABITS:
            field = forms.CharField(label=kind.habit, required=False, max_length=longest(Change, "name"))
            field.widget.attrs["autocomplete"] = "off"
            self.fields[kind.id] = field
        self.fields["date"] = DayField(label="Since which day?")


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def lifestyle(request: PersonRequest, person: Person) -> HttpResponse:
    """What is written down, to keep or to change."""
    habits = habits_of(person)
    initial: dict[str, object] = {habit.kind.id: habit.says for habit in habits} | {"date": person.today()}
    form = LifestyleForm(posted(request), initial=initial)
    if form.is_valid():
        said = dict(form.cleaned_data)
        date = said.pop("date")
        try:
            changed = keep_habits(person=person, date=date, said=said, by=request.user)
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, "Saved." if changed else "Nothing was worded otherwise, so nothing was changed.")
            return redirect("people:lifestyle", person_id=person.pk)
    return render_form(request, "people/lifestyle.html", {"person": person, "form": form, "habits": habits})
