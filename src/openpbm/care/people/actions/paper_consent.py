"""Agreement and withdrawal on paper, written down by a clinician: the day, who saw it, and the signed sheet, sealed."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.people.access import Relation, require
from openpbm.care.people.actions.consent import record_consent
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.models import Consent, ConsentScan, Person, lock_person
from openpbm.errors import BadInput, Problem
from openpbm.files import unsupported_values

__all__ = ["LARGEST_SCAN", "ON_PAPER", "Paper", "record_paper_consent"]

#: What a person agrees to for themselves, on paper as on their own pages.
ON_PAPER = (Consent.Purpose.RECORD, Consent.Purpose.LIGHT)
#: Below what Django would lay down on the disk unsealed [bytes].
LARGEST_SCAN = 1_900_000
_OLDEST = dt.timedelta(days=366)
_BEGINS = {"application/pdf": b"%PDF-", "image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What was signed, or said.

    signed_on : the day on the sheet · witness : who saw it signed, or heard it said
    version : of the text on the sheet · scan : the sheet as PDF, JPEG or PNG; a withdrawal needs none
    """

    signed_on: dt.date
    witness: str
    version: str = ""
    scan: bytes = b""


@transaction.atomic
def record_paper_consent(
    *, id: uuid.UUID | None = None, person: Person, purpose: str, given: bool, paper: Paper, by: User
) -> tuple[Consent, bool]:
    """Keep what somebody signed on paper. To agree takes the scan of today's text; a withdrawal is never turned away.

    Raises BadInput for another text than today's, for a sheet without its scan, and for one signed before a withdrawal.
    """
    require(by, person, Relation.CLINICIAN)
    lock_person(person.pk)
    problems = _problems(person, purpose, paper, given=given)
    if problems:
        raise BadInput(problems)
    how = Consent.How.PAPER if given or paper.scan else Consent.How.TOLD
    row, new = record_consent(
        id=id, person=person, purpose=purpose, given=given, by=by, how=how, signed_on=paper.signed_on,
        witness=paper.witness.strip(),
    )  # fmt: skip
    if new and paper.scan:
        scan = ConsentScan(consent=row, media_type=_kind_of(paper.scan))
        scan.sealed_file = person.seal(base64.b64encode(paper.scan).decode("ascii"), scan.place())
        ledger.append(scan, by=by, action="consent_scan", person_id=person.pk, clinic_id=person.clinic_id)
    return row, new


def _problems(person: Person, purpose: str, paper: Paper, *, given: bool) -> list[Problem]:
    problems = unsupported_values(paper.witness, "witness")
    if purpose not in ON_PAPER:
        problems.append(Problem("purpose", purpose, "is not agreed to on paper", "choose one on the consent page"))
        return problems
    if not paper.witness.strip():
        problems.append(Problem(key="witness", message="empty", remedy="say who saw it signed, or heard it said"))
    elif len(paper.witness) > longest(Consent, "witness"):
        problems.append(Problem(key="witness", message="too long", remedy="give the name alone"))
    problems += _about_the_day(person, purpose, paper.signed_on, given=given)
    if paper.scan and not _kind_of(paper.scan):
        problems.append(Problem(key="scan", message="is no PDF, JPEG or PNG", remedy="scan or photograph the sheet"))
    if len(paper.scan) > LARGEST_SCAN:
        message = f"{len(paper.scan)} bytes, at most {LARGEST_SCAN}"
        problems.append(Problem(key="scan", message=message, remedy="scan it coarser"))
    if given and not paper.scan:
        problems.append(Problem(key="scan", message="missing", remedy="attach the signed sheet"))
    if given and paper.version != consent_text(purpose).version:
        now = consent_text(purpose).version
        remedy = f"print the text of today (version {now}) and let them read and sign that"
        problems.append(Problem("version", paper.version, "is not the text of today", remedy))
    return problems


def _about_the_day(person: Person, purpose: str, day: dt.date, *, given: bool) -> list[Problem]:
    today = person.today()
    if day > today:
        return [Problem("signed_on", day, f"lies in the future (today is {today})", "give the day on the sheet")]
    if day < today - _OLDEST:
        return [Problem("signed_on", day, f"lies more than {_OLDEST.days} days ago", "let them sign again")]
    newest = person.consents.filter(purpose=purpose, about="").order_by("-audit_number").first()
    if not given or newest is None or newest.given:
        return []
    # A sheet that was signed before must not undo what was said after it.
    withdrawn = newest.signed_on or newest.created_at.astimezone(person.zone).date()
    if day > withdrawn:
        return []
    return [Problem("signed_on", day, f"was before the withdrawal of {withdrawn}", "let them sign again")]


def _kind_of(scan: bytes) -> str:
    return next((kind for kind, begin in _BEGINS.items() if scan.startswith(begin)), "")
