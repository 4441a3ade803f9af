"""The page on which a lamp is commissioned: a file of readings, what it makes of the lamp, and a signature."""

from __future__ import annotations

import base64
import binascii
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.day_field import DayField
from openpbm.care.devices.commissioning import accept_commissioning, fit_readings_of
from openpbm.care.devices.forms import FileForm, IdForm
from openpbm.care.devices.selectors import lamp_for, may_sign
from openpbm.care.form_page import posted, render_form
from openpbm.errors import BadInput

__all__ = ["commission_lamp"]

#: A few hundred readings; the file travels with the page until it is accepted.
_LARGEST_BYTES = 100_000


class AcceptForm(IdForm):
    """The signature under a commissioning, with the readings it is about."""

    # As they were sent, whatever their encoding: as text, a file from a spreadsheet came back as another one.
    readings = forms.CharField(widget=forms.HiddenInput, max_length=4 * _LARGEST_BYTES // 3 + 4)
    meter_calibrated_on = DayField(label="Meter calibrated on")
    signed = forms.BooleanField(label="I have checked these readings and answer for them")

    def clean_readings(self) -> bytes:
        """The bytes of the file."""
        try:
            return base64.b64decode(self.cleaned_data["readings"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise forms.ValidationError("These readings came back damaged. Send the file again.") from error


@require_http_methods(["GET", "POST"])
def commission_lamp(request: SignedInRequest, lamp_id: uuid.UUID) -> HttpResponse:
    """Fit a file of readings and show what they tell; signed, it is the lamp's measured output."""
    row = lamp_for(request.user, lamp_id)
    if not may_sign(request.user, row):
        raise PermissionDenied("A lamp is commissioned by a clinician of its clinic.")
    context: dict[str, object] = {"lamp": row}
    if "readings" in request.POST:
        form: IdForm = AcceptForm(posted(request))
        form.full_clean()
        # Even where the signature is missing: what is signed stays on the page.
        readings = form.cleaned_data.get("readings", b"")
    else:
        form = FileForm(posted(request), request.FILES or None)
        readings = form.cleaned_data["file"] if form.is_valid() else b""
        if len(readings) > _LARGEST_BYTES:
            form.add_error("file", f"{len(readings)} bytes; at most {_LARGEST_BYTES}. Send fewer readings.")
            readings = b""
    if readings:
        try:
            context["fitted"] = fit_readings_of(row, readings)
            if isinstance(form, AcceptForm) and form.is_valid():
                _accept(request, row, form)
                return redirect("devices:lamp", lamp_id=row.pk)
        except BadInput as error:
            form.add_problems(error)
        else:
            if isinstance(form, FileForm):
                context["form"] = AcceptForm(initial={"readings": base64.b64encode(readings).decode()})
                # Nothing is wrong with what was sent: it is shown, to be signed or not.
                return render(request, "devices/commission.html", context)
    return render_form(request, "devices/commission.html", context | {"form": form})


def _accept(request: SignedInRequest, row: Any, form: AcceptForm) -> None:
    said = form.cleaned_data
    accept_commissioning(
        lamp=row,
        csv_bytes=said["readings"],
        meter_calibrated_on=said["meter_calibrated_on"],
        by=request.user,
        id=said["id"] or uuid.uuid4(),
    )
    messages.success(request, "What the readings tell of its output was written down under your name.")
