"""The public pages: questions, hopes, which claims hold, what else there is, costs, what to do about side effects."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from openpbm.care.learn.break_even import Advance, BreakEven, Schedule, break_even
from openpbm.care.learn.cost_curve import cost_chart, cost_rows, cost_sentence
from openpbm.care.learn.forms import CostForm
from openpbm.errors import BadInput
from openpbm.evidence.synthesis import current_gaps, current_summary, evidence_statement
from openpbm.facts import comparators as cards
from openpbm.facts import learn
from openpbm.facts.benefits import HOPES, Benefit
from openpbm.facts.benefits import benefits as hopes
from openpbm.facts.claims import STATUS_WORDS, ClaimStatus
from openpbm.facts.conditions import Condition, conditions, programme_condition
from openpbm.facts.costs import cost_inputs
from openpbm.facts.event_kinds import EventKind, event_kinds
from openpbm.facts.references import Reference, references
from openpbm.facts.reviews import sign_off_of
from openpbm.facts.studies import searches_about
from openpbm.planning.claims_ledger import LedgerRow, claims_ledger
from openpbm.report.evidence import forest_picture
from openpbm.wording import PROGRAMMES

__all__ = ["benefits", "claims", "compare", "cost", "index", "question", "side_effects", "sign_off"]

#: What a reader may meet, by the kind of event that holds the advice, in the order of how common it seems.
HAPPENINGS = {
    "erythema": "Red skin",
    "symptom_flare": "Symptoms flare up",
    "headache": "Headache",
    "eye_strain": "Sore or tired eyes",
    "dizziness": "Feeling dizzy",
    "insomnia": "Trouble falling asleep",
    "skin_pain": "Skin that hurts",
    "burn": "Burnt skin",
    "blister": "A blister",
    "hyperpigmentation": "A darker patch of skin",
    "ulceration": "Broken skin or an open sore",
    "fainting": "Fainting",
    "vision_change": "A change in your sight",
}
SEVERE_GRADE = 3
#: The badge of each status; a reader meets the groups in this order.
STATUS_BADGES: dict[ClaimStatus, str] = {
    "unsafe": "stop",
    "wrong": "stop",
    "overstated": "caution",
    "unproven": "info",
    "supported": "ok",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a card with the paper it comes from."""

    row: cards.Statement
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question answered on a card."""

    title: str
    statements: list[Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Another treatment as the page compares it with light."""

    row: cards.Comparator
    sections: list[Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedClaim:
    """One claim of the ledger with the paper its correction comes from."""

    row: LedgerRow
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimGroup:
    """The claims of one status. `word` in plain words, `badge` its kind of badge."""

    word: str
    badge: str
    claims: list[CheckedClaim]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedHope:
    """One hope of one programme. `name` in plain words; `reference` the paper that weighs most."""

    name: str
    row: Benefit
    reference: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class CostResult:
    """What the cost page computes from one set of numbers."""

    break_even: BreakEven
    schedule: Schedule
    rows: list[Advance]


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The ten questions, and where to read on."""
    return render(request, "learn/index.html", {"questions": learn.questions, **sign_off()})


@login_not_required
@require_safe
def question(request: HttpRequest, id: str) -> HttpResponse:
    """One question with its answer, its sources and the question before and after."""
    rows = list(learn.questions)
    try:
        row = learn.questions[id]
    except BadInput as unknown:
        raise Http404(str(unknown)) from unknown
    place = rows.index(row)
    neighbours = dict(enumerate(rows))
    context = {
        "row": row,
        "number": place + 1,
        "count": len(rows),
        "previous": neighbours.get(place - 1),
        "next": neighbours.get(place + 1),
        "programmes": [PROGRAMMES[name] for name in row.programmes or learn.PROGRAMMES],
        "sources": [references[source] for source in row.sources],
    }
    return render(request, "learn/question.html", {**context, **sign_off(f"questions.{row.id}")})


@login_not_required
@require_safe
def benefits(request: HttpRequest) -> HttpResponse:
    """What people hope for, by programme, each hope with how sure anybody can be of it."""
    groups = [
        {
            "name": PROGRAMMES[programme],
            "hopes": [
                GradedHope(name=HOPES[row.hope], row=row, reference=references[row.source])
                for row in hopes
                if row.programme == programme
            ],
        }
        for programme in learn.PROGRAMMES
    ]
    return render(request, "learn/benefits.html", {"groups": groups, **sign_off("benefits")})


@login_not_required
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    """What is said about light, by whether it stands, with what may be said instead and where that comes from."""
    rows = claims_ledger()
    groups = [
        ClaimGroup(
            word=STATUS_WORDS[status],
            badge=badge,
            claims=[_checked(row) for row in rows if row.claim.status == status],
        )
        for status, badge in STATUS_BADGES.items()
    ]
    return render(request, "learn/claims.html", {"groups": groups, "count": len(rows), **sign_off("claims")})


@login_not_required
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """What else there is for each programme, beside what is known of light."""
    rows = cards.comparators
    groups = [
        {
            "name": " and ".join(PROGRAMMES[name] for name in programmes).capitalize(),
            "cards": [_card(row) for row in rows if row.programmes == programmes],
            "light": [_light(row) for row in _most_common_first(programmes)],
        }
        for programmes in dict.fromkeys(row.programmes for row in rows)
    ]
    gaps = [(PROGRAMMES[name], current_gaps(programme_condition(name).id)) for name in learn.PROGRAMMES]
    context: dict[str, object] = {
        "groups": groups,
        "gaps": gaps,
        "no_head_to_head": cards.NO_HEAD_TO_HEAD,
        "do_not_stop": cards.DO_NOT_STOP,
    }
    return render(request, "learn/compare.html", {**context, **sign_off("compare")})


def _most_common_first(programmes: tuple[str, ...]) -> list[Condition]:
    """The conditions of these programmes, each programme's own name first: restless legs before restless arms."""
    rows = [row for row in conditions if row.programme in programmes and not row.specialist_only]
    return sorted(rows, key=lambda row: row.id != programme_condition(row.programme).id)


def _light(condition: Condition) -> dict[str, object]:
    """What is known of light for one condition, with the picture of its trials where they have numbers."""
    summary = current_summary(condition.id)
    return {
        "condition": condition,
        "known": evidence_statement(condition.id),
        # Drawn here; every word in it is escaped where it is drawn.
        "forest": summary.numbers and mark_safe(forest_picture(summary, narrow=True)),
        "searches": searches_about(condition.id),
    }


@login_not_required
@require_safe
def cost(request: HttpRequest) -> HttpResponse:
    """After how many sessions a lamp at home is cheaper; the numbers are in the address, nothing is kept."""
    if request.GET.keys() & set(cost_inputs.ids):
        form = computed = CostForm(request.GET)
    else:
        # An unbound form shows the usual numbers but validates nothing, so an empty bound one computes with them.
        form, computed = CostForm(), CostForm(QueryDict())
    context: dict[str, object] = {"form": form, **sign_off()}
    if computed.is_valid():
        result = _compute_cost(computed)
        context |= {"result": result, "chart": cost_chart(result.rows), "sentence": cost_sentence(result.rows)}
    return render(request, "learn/cost.html", context)


@login_not_required
@require_safe
def side_effects(request: HttpRequest) -> HttpResponse:
    """What may happen and what to do then, from the table that also answers a report."""
    kinds = {row.id: row for row in event_kinds}
    # What ends the light stands first: nobody should have to read to the end to find it.
    listed = sorted(HAPPENINGS.items(), key=lambda item: not _severe(kinds[item[0]]))
    happenings = [{"name": name, "kind": kinds[id], "severe": _severe(kinds[id])} for id, name in listed]
    context = {"answer": learn.questions["side_effects"], "happenings": happenings}
    return render(request, "learn/side_effects.html", {**context, **sign_off("questions.side_effects")})


def sign_off(text: str = "") -> dict[str, object]:
    """What stands at the end of every page. text : its id among those a clinician may sign; empty for none"""
    return {
        "evidence_version": learn.evidence_version(),
        "not_reviewed": learn.NOT_REVIEWED,
        "signed": sign_off_of(text) if text else None,
    }


def _checked(row: LedgerRow) -> CheckedClaim:
    return CheckedClaim(row=row, reference=references[row.claim.source])


def _card(row: cards.Comparator) -> Card:
    parts = {
        "What guidelines say": row.guideline,
        "How well it works": row.efficacy,
        "How soon it works": row.onset,
        "How sure that is": row.certainty,
        "What can go wrong": row.harms,
        "What it costs": row.cost,
    }
    sections = [
        Section(
            title=title,
            statements=[Statement(row=statement, reference=references[statement.source]) for statement in statements],
        )
        for title, statements in parts.items()
    ]
    return Card(row=row, sections=sections)


def _compute_cost(form: CostForm) -> CostResult:
    prices, schedule = form.prices(), form.schedule()
    return CostResult(break_even=break_even(prices, schedule), schedule=schedule, rows=cost_rows(prices, schedule))


def _severe(kind: EventKind) -> bool:
    return kind.stops_light or (kind.grade or 0) >= SEVERE_GRADE
