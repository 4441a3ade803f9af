"""What a person agreed to: read, give, withdraw."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.actions import ON_PAPER, record_consent, record_paper_consent
from openpbm.care.people.consent_texts import ConsentText, consent_text
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import PaperForm
from openpbm.care.people.models import Consent, ConsentScan, Person
from openpbm.care.people.selectors import consents_now, latest_intake
from openpbm.errors import BadInput, Problem

__all__ = ["consent", "consent_scan", "consent_sheet"]

_ASKED = ON_PAPER


@person_page(Relation.PATIENT, Relation.CLINICIAN)
def consent(request: PersonRequest, person: Person) -> HttpResponse:
    """Each purpose with its text, what holds now, and everything that was said before."""
    # Only the person agrees; a clinician writes down what they signed on paper, or took back.
    may_agree = request.relation == Relation.PATIENT
    sent: PaperForm | None = None
    if request.method == "POST":
        if may_agree:
            return _answer(request, person)
        sent = _paper(request, person)
        if sent is None:
            return redirect("people:consent", person_id=person.pk)
    now = consents_now(person)
    # What is taken back stands alone on the page, so that nothing that harms is the biggest button beside it.
    withdrawing = request.GET.get("withdraw", "")
    shown = [purpose for purpose in _ASKED if purpose == withdrawing and may_agree] or _ASKED
    history = person.consents.select_related("created_by", "scan").defer("scan__sealed_file").order_by("-audit_number")
    return render(
        request,
        "people/consent.html",
        {
            "person": person,
            "may_agree": may_agree,
            "rows": [_row(purpose, now.get((purpose, "")), sent, on_paper=not may_agree) for purpose in shown],
            "withdrawing": withdrawing,
            "capable": now.get((Consent.Purpose.CAPABLE, "")),
            "history": history,
            "all_given": all(purpose in now_given(now) for purpose in _ASKED),
            "answered": latest_intake(person) is not None,
        },
        status=200 if sent is None else 422,
    )


def _paper(request: PersonRequest, person: Person) -> PaperForm | None:
    """Keep what was signed on paper; the form with what is wrong with it where that was not possible."""
    purpose, given = request.POST.get("purpose", ""), request.POST.get("given")
    if purpose not in _ASKED or given not in ("yes", "no"):
        raise BadInput(Problem(key="consent", message="choose what was agreed to or withdrawn, on the consent page"))
    if given == "yes" and "scan" not in request.FILES and person.user_id is not None:
        raise PermissionDenied("Only the person can agree here. What they signed on paper needs its scan.")
    form = PaperForm(request.POST, request.FILES, auto_id=f"id_{purpose}_%s")
    if not form.is_valid():
        return form
    try:
        record_paper_consent(
            id=form.cleaned_data["id"], person=person, purpose=purpose, given=given == "yes", paper=form.paper(),
            by=request.user,
        )  # fmt: skip
    except BadInput as error:
        add_problems(form, error)
        return form
    if given == "yes":
        messages.success(request, "What was signed on paper is recorded, with its scan.")
    else:
        messages.warning(request, "The withdrawal is recorded. No new session can start.")
    return None


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def consent_sheet(request: PersonRequest, person: Person, purpose: str) -> HttpResponse:
    """Today's text of a purpose, to be printed and signed."""
    if purpose not in _ASKED:
        raise Http404(f"nothing is agreed to under {purpose}")
    text = consent_text(purpose)
    return render(request, "people/consent_sheet.html", {"person": person, "text": text})


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def consent_scan(request: PersonRequest, person: Person, consent_id: uuid.UUID) -> HttpResponse:
    """The sheet that was signed."""
    scan = ConsentScan.objects.filter(consent=consent_id, consent__person=person).select_related("consent").first()
    if scan is None:
        raise PermissionDenied(ACCESS_DENIED)
    scan.consent.person = person
    answer = HttpResponse(scan.file(), content_type=scan.media_type)
    # Never shown in our pages: what somebody uploaded is opened by whoever asks for it.
    ending = scan.media_type.rpartition("/")[2]
    answer.headers["Content-Disposition"] = f'attachment; filename="consent-{person.code}.{ending}"'
    return answer


def now_given(now: dict[tuple[str, str], Consent]) -> set[str]:
    """The purposes agreed to."""
    return {purpose for (purpose, about), row in now.items() if row.given and not about}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One purpose on the page: its text today, and what was last said to it. id : of the answer that may come"""

    purpose: Consent.Purpose
    text: ConsentText
    given: bool
    changed: bool
    newest: Consent | None
    id: uuid.UUID
    paper: PaperForm | None


def _row(purpose: Consent.Purpose, newest: Consent | None, sent: PaperForm | None, *, on_paper: bool) -> ConsentRow:
    paper = None
    if on_paper:
        paper = PaperForm(initial={"purpose": purpose.value}, auto_id=f"id_{purpose.value}_%s")
        if sent is not None and sent.data.get("purpose") == purpose:
            paper = sent
    text = consent_text(purpose)
    given = newest is not None and newest.given
    changed = given and newest is not None and newest.text_digest != text.digest
    return ConsentRow(
        purpose=purpose, text=text, given=given, changed=changed, newest=newest, id=uuid.uuid4(), paper=paper
    )  # fmt: skip


def _answer(request: SignedInRequest, person: Person) -> HttpResponse:
    purpose, given = request.POST.get("purpose", ""), request.POST.get("given")
    if purpose not in _ASKED or given not in ("yes", "no"):
        raise BadInput(Problem(key="consent", message="choose what you agree to or withdraw, on the consent page"))
    if given == "yes" and request.POST.get("read") != "on":
        messages.error(request, "Tick that you have read the text, then agree.")
        return redirect("people:consent", person_id=person.pk)
    record_consent(
        id=_id(request.POST.get("id", "")),
        person=person,
        purpose=purpose,
        given=given == "yes",
        by=request.user,
    )
    if given == "yes":
        messages.success(request, "Your agreement is recorded.")
    else:
        messages.warning(request, "Your withdrawal is recorded. No new session can start.")
    return redirect("people:consent", person_id=person.pk)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise BadInput(
            Problem(key="consent", message="the form has no id", remedy="open the page again and send it once more")
        ) from None
