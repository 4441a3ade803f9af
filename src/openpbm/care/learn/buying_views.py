"""Buying a lamp and setting up a clinic: what to look for, whether a claim can be true, lamps beside the advice."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpbm.care.learn.claim_form import ClaimForm
from openpbm.care.learn.lamp_comparison import comparable_conditions, lamps_beside
from openpbm.care.learn.views import sign_off
from openpbm.device.claim_check import ClaimVerdict, check_claim
from openpbm.errors import BadInput
from openpbm.facts.buying import buying_points, clinic_setup
from openpbm.facts.conditions import programme_condition
from openpbm.facts.product_classes import electrical_shares
from openpbm.facts.references import references

__all__ = ["buying", "clinic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictNotice:
    """What a checked claim is told as. kind : of its notice"""

    title: str
    kind: str


VERDICTS: dict[ClaimVerdict, VerdictNotice] = {
    "impossible": VerdictNotice(title="This cannot be true", kind="danger"),
    "unlikely": VerdictNotice(title="This is not likely", kind="caution"),
    "possible": VerdictNotice(title="This can be true", kind="info"),
}


@login_not_required
@require_safe
def buying(request: HttpRequest) -> HttpResponse:
    """The buyer's guide; the numbers of a claim and the condition stand in the address, nothing is kept."""
    usual = {name: field.initial for name, field in ClaimForm.base_fields.items()}
    typed = {name: value for name, value in request.GET.dict().items() if name in usual and value.strip()}
    # An unbound form shows the claim that is often read, but checks nothing, so a bound one checks it.
    checked = ClaimForm(usual | typed)
    known = {row.id: row for row in comparable_conditions()}
    condition = known.get(request.GET.get("condition", ""), programme_condition("rls"))
    context = {
        "points": [(row, references[row.source]) for row in buying_points],
        "form": checked if typed else ClaimForm(),
        "most_percent": 100.0 * electrical_shares.value("most"),
        "conditions": known.values(),
        "condition": condition,
        "lamps": lamps_beside(condition.id),
        **_checked(checked),
        **sign_off("buying"),
    }
    return render(request, "learn/buying.html", context)


@login_not_required
@require_safe
def clinic(request: HttpRequest) -> HttpResponse:
    """What a clinic sets up, as a list to print and tick."""
    whens = dict.fromkeys(row.when for row in clinic_setup)
    groups = [(when, [(row, references[row.source]) for row in clinic_setup if row.when == when]) for when in whens]
    return render(request, "learn/clinic.html", {"groups": groups, **sign_off("clinic")})


def _checked(form: ClaimForm) -> dict[str, object]:
    """The check of what stands in the form, where it can be checked."""
    if not form.is_valid():
        return {}
    try:
        check = check_claim(form.claim())
    except BadInput as error:
        form.add_error(None, "; ".join(str(problem) for problem in error.problems))
        return {}
    return {"check": check, "words": VERDICTS[check.verdict], "needed_percent": 100.0 * check.needed_share}
