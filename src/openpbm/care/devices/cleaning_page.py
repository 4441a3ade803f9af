"""The page of the cleaning log, with the days on which lamps are measured again."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.constraints import longest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.day_field import DayField
from openpbm.care.devices.cleaning import care_days, record_cleaning
from openpbm.care.devices.models import Cleaning, Lamp
from openpbm.care.devices.selectors import lamps_for, with_readings
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.form_problems import add_problems
from openpbm.errors import BadInput

__all__ = ["cleaning"]

_A_PAGE = 50


class CleaningForm(forms.Form):
    """One cleaning of one lamp."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    lamp = forms.ModelChoiceField(label="Lamp", queryset=Lamp.objects.none(), empty_label="Choose one")
    cleaned_on = DayField(label="On which day?")
    wiped_with = forms.CharField(
        label="Wiped with", max_length=longest(Cleaning, "wiped_with"), help_text="Such as alcohol wipes, 70 %."
    )
    cover_changed = forms.BooleanField(label="The cover or film was changed", required=False)
    found = forms.CharField(
        label="What was seen",
        max_length=longest(Cleaning, "found"),
        required=False,
        help_text="A crack, a loose cord, an LED that is dark. Leave it empty if there was nothing.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lamp"].queryset = lamps_for(user).filter(retired_at=None)  # type: ignore[attr-defined]
        self.initial.setdefault("id", uuid.uuid4())
        self.initial.setdefault("cleaned_on", clock.now().date())


@require_http_methods(["GET", "POST"])
def cleaning(request: SignedInRequest) -> HttpResponse:
    """What was cleaned, newest first, what is due, and a new line."""
    user, today = request.user, clock.now().date()
    form = CleaningForm(posted(request), user=user)
    if form.is_valid():
        try:
            record_cleaning(by=user, **form.cleaned_data)
        except BadInput as error:
            add_problems(form, error)
        except Conflict:
            form.add_error(None, "This form was sent already with something else in it. Open the page again.")
        else:
            messages.success(request, "Written into the cleaning log.")
            return redirect("devices:cleaning")
    lamps = lamps_for(user)
    log = Cleaning.objects.filter(lamp__in=lamps.values("pk")).select_related("lamp", "created_by")
    context = {
        "form": form,
        "due": care_days(with_readings(lamps.filter(retired_at=None))[:_A_PAGE], today),
        "page": Paginator(log.order_by("-cleaned_on", "-audit_number"), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render_form(request, "devices/cleaning.html", context)
