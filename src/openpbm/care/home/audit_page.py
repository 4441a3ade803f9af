"""The clinic's audit, for its auditor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.accounts.roles import for_role
from openpbm.care.audit.action_words import action_words, nobody_words, page_words, table_words
from openpbm.care.audit.models import AuditEntry, ReadEntry
from openpbm.care.audit.noted_heads import noted_heads
from openpbm.care.audit.verify import noted_words, reading_at_length, verify
from openpbm.care.day_field import DayField
from openpbm.care.form_page import CleanedData
from openpbm.care.home.audit_entries import accounts_in, codes_of, entries_of, person_with_code, reads_of

__all__ = ["audit"]

_ON_A_PAGE = 50
# Noted ends of the audit that are shown, the newest first.
_NOTED = 10


class AuditFilter(forms.Form):
    """Which entries to show."""

    READS, WRITES = "reads", "writes"

    kind = forms.ChoiceField(
        label="Show", choices=[(WRITES, "What was written"), (READS, "Who looked")], required=False
    )
    code = forms.CharField(label="Person's code", max_length=12, required=False)
    since = DayField(label="From", required=False)
    until = DayField(label="Until", required=False)


@require_http_methods(["GET", "POST"])
@for_role(Role.AUDITOR)
def audit(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """Entries of the clinic; a POST verifies the whole chain."""
    form = AuditFilter(request.GET or None)
    chosen: CleanedData = form.cleaned_data if form.is_bound and form.is_valid() else {}
    page, unknown_code = _entries(request, clinic, chosen)
    codes, accounts = codes_of(clinic, {row.person_id for row in page}), accounts_in(page)
    found = None
    if request.method == "POST":
        # A chain of years takes a while to read: it must see one moment of it, and hold up nobody who writes.
        with reading_at_length():
            found = verify()
    context = {
        "clinic": clinic,
        "form": form,
        "reads": chosen.get("kind") == AuditFilter.READS,
        "page": page,
        "rows": [(row, codes.get(row.person_id, ""), *_in_words(row, accounts)) for row in page],
        "query": urlencode({name: value for name, value in request.GET.items() if name != "page"}) + "&",
        "unknown_code": unknown_code,
        "found": found,
        "compared": noted_words(found.noted_heads, found.last_noted) if found else "",
        "noted": noted_heads()[: -_NOTED - 1 : -1],
    }
    return render(request, "home/audit.html", context)


def _in_words(row: Any, accounts: dict[str, str]) -> tuple[str, str, str]:
    """Who did it, what was done or looked at, and what it was done to, all in words."""
    if not isinstance(row, AuditEntry):
        return row.actor.shown_name() if row.actor else "a calendar that follows", page_words(row.route), ""
    who = row.actor.shown_name() if row.actor else nobody_words(row.action)
    what = table_words(row.table) if row.table else ""
    if row.table == User._meta.db_table:
        what = f"{what} {accounts.get(row.row_id, '')}".rstrip()
    return who, action_words(row.action), what


def _entries(request: SignedInRequest, clinic: Clinic, chosen: CleanedData) -> tuple[Any, str]:
    """The page of entries, and the code that nobody of this clinic has."""
    code = chosen.get("code") or ""
    person_id = person_with_code(clinic, code) if code else None
    of = reads_of if chosen.get("kind") == AuditFilter.READS else entries_of
    rows = of(clinic, person_id=person_id, since=chosen.get("since"), until=chosen.get("until"))
    if code and person_id is None:
        # An unknown code shows nothing: the whole list would be taken for that of one person.
        rows = rows.none()
    # Who reads one person's audit has looked at that person's record.
    if person_id is not None:
        ReadEntry.objects.create(actor=request.user, person_id=person_id, route="home:audit")
    page = Paginator(rows, _ON_A_PAGE).get_page(request.GET.get("page"))
    return page, code if code and person_id is None else ""
