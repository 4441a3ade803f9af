"""The page for whoever comes without an account: what this is, for whom, what is known and what is not, the way in."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openpbm.care.accounts.account_adapter import AccountAdapter
from openpbm.facts.conditions import Protocol, conditions, programme_condition
from openpbm.facts.learn import PROGRAMMES, study_counts
from openpbm.planning.prescription import skin_fluence_range
from openpbm.wording import PROGRAMMES as NAMES

__all__ = ["front"]

#: What each programme is about, for somebody who has it.
_ABOUT = {
    "rls": "An urge to move the legs, worse at rest and in the evening.",
    "neuropathic_pain": "Pain that burns, stabs or tingles because a nerve is hurt.",
    "neuropathy": "Numb, tingling or weak feet and hands, from diabetes, chemotherapy or another cause.",
    "muscle_spasm": "Tight muscles in neck and back, and cramps in the legs.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeCard:
    """One programme. studies, sham, sham_null : held in all, against a sham, and of those without a clear gain"""

    name: str
    about: str
    studies: int
    sham: int
    sham_null: int


@login_not_required
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The public first page; the numbers on it are counted in our tables."""
    common, cancer = programme_condition("rls").protocols[0], _cancer_guideline()
    context = {
        "programmes": [_card(programme) for programme in PROGRAMMES],
        "common_j_cm2": "{:g} to {:g}".format(*skin_fluence_range(common)),
        "cancer_j_cm2": "{:g} to {:g}".format(*skin_fluence_range(cancer)),
        "may_sign_up": AccountAdapter().is_open_for_signup(request),
    }
    return render(request, "home/front.html", context)


def _cancer_guideline() -> Protocol:
    return next(row for row in conditions["cipn"].protocols if row.origin == "guideline")


def _card(programme: str) -> ProgrammeCard:
    counts = study_counts()
    return ProgrammeCard(
        name=NAMES[programme],
        about=_ABOUT[programme],
        studies=int(counts[f"studies_{programme}"]),
        sham=int(counts[f"sham_{programme}"]),
        sham_null=int(counts[f"sham_null_{programme}"]),
    )
