"""Who works in the clinic, for everybody who works there; a clinician confirms those who wait."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.accounts.confirmation import confirm_clinician
from openpbm.care.accounts.models import Clinic, Membership, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import page
from openpbm.care.people.account.signature import SignatureForm
from openpbm.errors import BadInput

__all__ = ["colleagues", "confirm"]


@require_http_methods(["GET"])
@page(*Role)
def colleagues(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """The members, and who waits to be confirmed."""
    rows = Membership.objects.filter(clinic=clinic, ended_at=None).select_related("user", "confirmed_by")
    members = sorted(rows, key=lambda row: (row.role != Role.UNCONFIRMED, row.user.shown_name().lower()))
    own_role = request.user.role_in(clinic.pk)
    context = {
        "clinic": clinic,
        "members": members,
        "may_confirm": own_role == Role.CLINICIAN,
        "waits": own_role == Role.UNCONFIRMED,
    }
    return render(request, "people/colleagues.html", context)


@require_http_methods(["GET", "POST"])
@page(Role.CLINICIAN)
def confirm(request: SignedInRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """Confirm somebody who waits, with one's own password under it."""
    row = Membership.objects.filter(pk=membership_id, clinic=clinic).select_related("user").first()
    if row is None:
        raise PermissionDenied("This membership is not yours to confirm, or it does not exist.")
    form = SignatureForm(request.POST if request.method == "POST" else None, signer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_clinician(membership=row, by=request.user)
        except BadInput as error:
            form.add_error(None, [str(problem) for problem in error.problems])
        else:
            messages.success(request, f"{row.user.shown_name()} is confirmed and opens the records of the clinic.")
            return redirect("people:colleagues")
    status = 422 if form.is_bound else 200
    return render(request, "people/confirm.html", {"clinic": clinic, "row": row, "form": form}, status=status)
