"""The staff of a clinic, for its administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.accounts.confirmation import ROLES_GIVEN, role_when_given
from openpbm.care.accounts.forms import InviteForm
from openpbm.care.accounts.models import Clinic, Membership, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.accounts.roles import for_role
from openpbm.care.accounts.staff import change_role, end_membership, invite_member, renew_password
from openpbm.errors import BadInput

__all__ = ["change_member", "end_member", "first_password", "staff"]


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def staff(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """The members of the clinic; a POST invites another one."""
    form = InviteForm(request.POST or None)
    invited, password = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            invited, password = invite_member(clinic=clinic, by=request.user, **form.cleaned_data)
            form = InviteForm()
        except BadInput as error:
            form.add_error(None, [str(problem) for problem in error.problems])
    return _staff_page(request, clinic, form, invited=invited, password=password, status=422 if form.is_bound else 200)


def _staff_page(
    request: SignedInRequest, clinic: Clinic, form: InviteForm, *, status: int = 200, **once: Any
) -> HttpResponse:
    """The members; `once` holds a first password, in the answer to this one request and nowhere else."""
    members = Membership.objects.filter(clinic=clinic).select_related("user").order_by("ended_at", "user__username")
    context = {
        "clinic": clinic,
        "form": form,
        "me": request.user,
        "members": [row for row in members if row.ended_at is None],
        "former": [row for row in members if row.ended_at is not None],
        # What stands in the list as chosen is the role that was given, whether it waits or not.
        "roles": [(value, label, role_when_given(value)) for value, label in ROLES_GIVEN],
    }
    return render(request, "accounts/staff.html", context | once, status=status)


def _membership(clinic: Clinic, membership_id: int) -> Membership:
    row = Membership.objects.filter(pk=membership_id, clinic=clinic).first()
    if row is None:
        raise PermissionDenied("This membership is not yours to change, or it does not exist.")
    return row


@require_POST
@for_role(Role.ADMIN)
def change_member(request: SignedInRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    row = change_role(
        membership=_membership(clinic, membership_id),
        role=request.POST.get("role", ""),
        by=request.user,
    )
    messages.success(request, f"{row.user.shown_name()} is now {row.get_role_display().lower()}.")
    return redirect("accounts:staff")


@require_POST
@for_role(Role.ADMIN)
def first_password(request: SignedInRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """A new first password for a member who lost theirs, and with it, if ticked, the lost second factor goes."""
    row, lost = _membership(clinic, membership_id), request.POST.get("lost_device") == "on"
    made = renew_password(membership=row, by=request.user, forget_second_factor=lost)
    row.refresh_from_db()
    waits = row.role == Role.UNCONFIRMED
    return _staff_page(request, clinic, InviteForm(), renewed=row, password=made, lost_device=lost, waits=waits)


@require_POST
@for_role(Role.ADMIN)
def end_member(request: SignedInRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """End a membership."""
    row = end_membership(membership=_membership(clinic, membership_id), by=request.user)
    messages.success(request, f"{row.user.shown_name()} has no access to the clinic any more.")
    return redirect("accounts:staff")
