"""The clinic's own pages: its audit for the auditor, its staff for the administrator."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.trust.action_words import action_words, nobody_words
from openpbm.care.trust.forms import AuditFilter, InviteForm
from openpbm.care.trust.lookup import accounts_in, codes_of, entries_of, looks_of, person_with_code, reading_at_length
from openpbm.care.trust.models import AuditEntry, Clinic, Membership, ReadEntry, Role, User
from openpbm.care.trust.roles import for_role
from openpbm.care.trust.staff import change_role, end_membership, invite_member, renew_password
from openpbm.care.trust.verify import verify
from openpbm.errors import BadInput

__all__ = ["audit", "change_member", "end_member", "first_password", "staff"]

_ON_A_PAGE = 50


@require_http_methods(["GET", "POST"])
@for_role(Role.AUDITOR)
def audit(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """Entries of the clinic; a POST verifies the whole chain."""
    form = AuditFilter(request.GET or None)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page, unknown_code = _entries(request, clinic, chosen)
    codes, accounts = codes_of(clinic, {row.person_id for row in page}), accounts_in(page)
    found = None
    if request.method == "POST":
        with reading_at_length():
            found = verify()
    context = {
        "clinic": clinic,
        "form": form,
        "looks": chosen.get("kind") == AuditFilter.LOOKS,
        "page": page,
        "rows": [(row, codes.get(row.person_id, ""), *_told(row, accounts)) for row in page],
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page"}) + "&",
        "unknown_code": unknown_code,
        "found": found,
    }
    return render(request, "trust/audit.html", context)


def _told(row: Any, accounts: dict[str, str]) -> tuple[str, str, str]:
    """Who did it and what in words, and the account it was done to."""
    if not isinstance(row, AuditEntry):
        return row.actor.shown_name() if row.actor else "a calendar that follows", "", ""
    who = row.actor.shown_name() if row.actor else nobody_words(row.action)
    return who, action_words(row.action), accounts.get(row.row_id, "") if row.table == User._meta.db_table else ""


def _entries(request: HttpRequest, clinic: Clinic, chosen: dict[str, Any]) -> tuple[Any, str]:
    """The page of entries, and the code that nobody of this clinic has."""
    code = chosen.get("code") or ""
    person_id = person_with_code(clinic, code) if code else None
    of = looks_of if chosen.get("kind") == AuditFilter.LOOKS else entries_of
    rows = of(clinic, person_id=person_id, since=chosen.get("since"), until=chosen.get("until"))
    if code and person_id is None:
        rows = rows.none()
    if person_id is not None:  # who reads one person's audit has looked at that person's record
        ReadEntry.objects.create(actor=request.user, person_id=person_id, route="trust:audit")  # type: ignore[misc]
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    return page, code if code and person_id is None else ""


@require_http_methods(["GET", "POST"])
@for_role(Role.ADMIN)
def staff(request: HttpRequest, clinic: Clinic) -> HttpResponse:
    """The members of the clinic; a POST invites another one."""
    form = InviteForm(request.POST or None)
    invited, password = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            invited, password = invite_member(clinic=clinic, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            form = InviteForm()
        except BadInput as error:
            form.add_error(None, list(error.faults))
    return _staff_page(request, clinic, form, invited=invited, password=password, status=422 if form.is_bound else 200)


def _staff_page(
    request: HttpRequest, clinic: Clinic, form: InviteForm, *, status: int = 200, **told: Any
) -> HttpResponse:
    """The members; `told` holds a first password, in the answer to this one request and nowhere else."""
    members = Membership.objects.filter(clinic=clinic).select_related("user").order_by("ended_at", "user__username")
    context = {
        "clinic": clinic,
        "form": form,
        "me": request.user,
        "members": [row for row in members if row.ended_at is None],
        "former": [row for row in members if row.ended_at is not None],
        "roles": Role.choices,
    }
    return render(request, "trust/staff.html", context | told, status=status)


def _membership(clinic: Clinic, membership_id: int) -> Membership:
    row = Membership.objects.filter(pk=membership_id, clinic=clinic).first()
    if row is None:
        raise PermissionDenied("This membership is not yours to change, or it does not exist.")
    return row


@require_POST
@for_role(Role.ADMIN)
def change_member(request: HttpRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """Give a member another role."""
    row = change_role(
        membership=_membership(clinic, membership_id),
        role=request.POST.get("role", ""),
        by=request.user,  # type: ignore[arg-type]
    )
    messages.success(request, f"{row.user.shown_name()} is now {row.get_role_display().lower()}.")
    return redirect("trust:staff")


@require_POST
@for_role(Role.ADMIN)
def first_password(request: HttpRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """A new first password for a member who lost theirs, and with it, if ticked, the lost second factor goes."""
    row, lost = _membership(clinic, membership_id), request.POST.get("lost_device") == "on"
    made = renew_password(membership=row, by=request.user, forget_second_factor=lost)  # type: ignore[arg-type]
    return _staff_page(request, clinic, InviteForm(), renewed=row, password=made, lost_device=lost)


@require_POST
@for_role(Role.ADMIN)
def end_member(request: HttpRequest, clinic: Clinic, membership_id: int) -> HttpResponse:
    """End a membership."""
    row = end_membership(membership=_membership(clinic, membership_id), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{row.user.shown_name()} has no access to the clinic any more.")
    return redirect("trust:staff")
