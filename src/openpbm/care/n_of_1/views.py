"""Pages of a blinded test: where it stands, drawing, guessing, opening a period, ending it, and the keeper's sheet."""

from __future__ import annotations

import uuid

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from openpbm.care.accounts.models import Clinic, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit import ledger
from openpbm.care.form_page import posted, render_form
from openpbm.care.n_of_1.actions import draw_design, guess_period, keepers_of, request_for, stop_design, unblind
from openpbm.care.n_of_1.forms import DrawForm, GuessForm, OpenForm, StopForm
from openpbm.care.n_of_1.models import SealedDesign
from openpbm.care.n_of_1.selectors import BlindedTest, blinded_test
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, page, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.errors import BadInput
from openpbm.report.code_sheet import render_keeper_sheet, render_person_sheet
from openpbm.single_case import BlocksPlan, People, blocks_power

__all__ = ["draw", "file", "guess", "keeper_sheet", "kept", "open_period", "sheet", "show", "stop"]

_EFFECTS = (0.5, 1.0, 1.5, 2.0, 3.0)
_DRAWN = ("first_day", "pairs", "days_per_period", "half_life_days")
# A sheet is a file of the core with its style inside, and needs nothing else.
_own_style = csp_replace({"default-src": [NONE], "style-src": [UNSAFE_INLINE]})
_MASK = ("method", "looks_alike", "feels_alike", "checked_on")


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def show(request: PersonRequest, person: Person) -> HttpResponse:
    """Where the test stands; the order itself once it is over or was ended."""
    test = blinded_test(person, person.today())
    clinician = request.relation == Relation.CLINICIAN
    context: dict[str, object] = {"person": person, "test": test, "clinician": clinician}
    context["may_draw"] = clinician and _may_draw(test)
    if test is not None:
        context["rows"] = test.design.sheet().rows
        context["open_to_all"] = test.design.open_to_all()
        context["told"] = _told(test) if clinician else []
        context["guesses"] = {row.period: row.get_belief_display() for row in test.design.guesses.all()}
    return render(request, "n_of_1/show.html", context)


def _may_draw(test: BlindedTest | None) -> bool:
    return test is None or test.over or test.stopped


def _told(test: BlindedTest) -> list[dict[str, object]]:
    """What a clinician was told of periods that were opened."""
    keeper = {row.number: row.keeper for row in test.design.sheet().rows}
    return [{"opening": row, "keeper": keeper[row.period]} for row in test.design.unblindings.order_by("audit_number")]


@person_page(Relation.CLINICIAN)
def draw(request: PersonRequest, person: Person) -> HttpResponse:
    """Look at the power of a design, then draw and seal it."""
    keepers = keepers_of(person)
    form = DrawForm(posted(request), signer=request.user, keepers=keepers, today=person.today())
    context: dict[str, object] = {"person": person, "form": form, "keepers": keepers}
    if form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in _DRAWN}
        mask = {name: form.cleaned_data[name] for name in _MASK}
        try:
            if "power" in request.POST:
                return render(request, "n_of_1/draw.html", context | {"power": _power(person, wanted)})
            mask["keeper"] = next(user for user in keepers if user.pk == form.cleaned_data["keeper"])
            draw_design(id=form.cleaned_data["design_id"], person=person, by=request.user, mask=mask, **wanted)
            return redirect("n_of_1:show", person_id=person.pk)
        except BadInput as error:
            add_problems(form, error)
    return render_form(request, "n_of_1/draw.html", context)


def _power(person: Person, wanted: dict[str, object]) -> dict[str, object]:
    _, request = request_for(person, **wanted)  # type: ignore[arg-type]
    assert request.pairs is not None
    assert request.days_per_period is not None
    assert request.half_life_days is not None
    plan = BlocksPlan(pairs=request.pairs, days_per_period=request.days_per_period, washout_days=request.washout_days)
    people = People(half_life_days=request.half_life_days)
    found = blocks_power(plan, people, _EFFECTS)
    return {
        "rows": [(effect, round(100 * power)) for effect, power in zip(_EFFECTS, found, strict=True)],
        "people": people,
        "plan": plan,
        "reachable": 0.5**plan.pairs <= 0.05,
    }


@person_page(Relation.PATIENT, Relation.HELPER)
def guess(request: PersonRequest, person: Person) -> HttpResponse:
    """What the person believes a period was."""
    test = blinded_test(person, person.today())
    form = GuessForm(posted(request), rows=test.to_guess if test is not None else ())
    if form.is_valid():
        try:
            guess_period(
                id=form.cleaned_data["guess_id"],
                person=person,
                by=request.user,
                period=form.cleaned_data["period"],
                belief=form.cleaned_data["belief"],
            )
            return redirect("n_of_1:show", person_id=person.pk)
        except BadInput as error:
            add_problems(form, error)
    return render_form(request, "n_of_1/guess.html", {"person": person, "test": test, "form": form})


@person_page(Relation.CLINICIAN)
def open_period(request: PersonRequest, person: Person) -> HttpResponse:
    """Learn what the present period is; that somebody did is written down first."""
    test = blinded_test(person, person.today())
    form = OpenForm(posted(request), signer=request.user)
    if form.is_valid():
        try:
            unblind(
                id=form.cleaned_data["opening_id"],
                person=person,
                by=request.user,
                **{name: form.cleaned_data[name] for name in ("who", "emergency", "reason")},
            )
            return redirect("n_of_1:show", person_id=person.pk)
        except BadInput as error:
            add_problems(form, error)
    return render_form(request, "n_of_1/open.html", {"person": person, "test": test, "form": form})


@person_page(Relation.CLINICIAN)
def stop(request: PersonRequest, person: Person) -> HttpResponse:
    """End the test before its last day."""
    form = StopForm(posted(request), signer=request.user)
    if form.is_valid():
        try:
            stop_design(person=person, by=request.user, reason=form.cleaned_data["reason"])
            return redirect("n_of_1:show", person_id=person.pk)
        except BadInput as error:
            add_problems(form, error)
    return render_form(request, "n_of_1/stop.html", {"person": person, "form": form})


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def sheet(request: PersonRequest, person: Person) -> HttpResponse:
    """The person's sheet, to print."""
    test = blinded_test(person, person.today())
    if test is None:
        raise PermissionDenied(ACCESS_DENIED)
    return HttpResponse(render_person_sheet(test.design.sheet()))


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def file(request: PersonRequest, person: Person, name: str) -> HttpResponseBase:
    """design.json at any time, and design.key.json once the order is open to all: for `openpbm single-case verify`."""
    test = blinded_test(person, person.today())
    if test is None or name not in ("design", "design-key"):
        raise PermissionDenied(ACCESS_DENIED)
    if name == "design":
        return _as_file("design.json", test.design.design)
    if not test.design.open_to_all():
        raise PermissionDenied("The order stays sealed until two days after the last period. Come back then.")
    return _as_file("design.key.json", test.design.key())


def _as_file(name: str, content: object) -> HttpResponse:
    answer = JsonResponse(content, json_dumps_params={"indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page(Role.ADMIN)
def kept(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """The lamps somebody keeps, by the seal that stands on the person's sheet too: no name is told here."""
    rows = SealedDesign.objects.filter(keeper=request.user, person__clinic=clinic, person__left_at=None)
    return render(request, "n_of_1/kept.html", {"designs": rows.select_related("stop").order_by("-audit_number")})


@_own_style
@page(Role.ADMIN)
def keeper_sheet(request: SignedInRequest, clinic: Clinic, design_id: uuid.UUID) -> HttpResponse:
    """What the keeper does, period by period; that it was opened is written down."""
    design = (
        SealedDesign.objects.filter(pk=design_id, keeper=request.user, person__clinic=clinic, person__left_at=None)
        .select_related("person__key")
        .first()
    )
    if design is None:
        raise PermissionDenied(ACCESS_DENIED)
    ledger.record_event(
        "n_of_1_sheet_opened", by=request.user, person_id=design.person_id, clinic_id=clinic.pk, row=design
    )
    return HttpResponse(render_keeper_sheet(design.sheet()))
