"""Somebody without an account could never agree, and one with an account was not led to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import agree
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openpbm.care.people import actions
from openpbm.care.people.actions import Paper, record_paper_consent
from openpbm.care.people.models import Consent, ConsentScan, Identity, Person
from openpbm.care.people.selectors import agreement_waits, consent_holds
from openpbm.care.plans.models import Hold
from openpbm.errors import BadInput

LIGHT = "investigational_light"
SHEET = b"%PDF-1.7 signed by Nora"


def nora_of(house: House) -> Person:
    return actions.register_person(
        by=house.clinician, clinic=house.clinic, identity=Identity(name="Nora Marker"), time_zone="Europe/Berlin"
    )


def signed(house: House, person: Person, *, given: bool = True, purpose: str = LIGHT, **changes: Any) -> Consent:
    sheet = {"signed_on": person.today(), "witness": "Nurse Ines", "version": "2", "scan": SHEET} | changes
    return record_paper_consent(person=person, purpose=purpose, given=given, paper=Paper(**sheet), by=house.clinician)[
        0
    ]


def test_what_was_signed_on_paper_is_kept_with_day_witness_and_sealed_scan(house: House) -> None:
    nora = nora_of(house)
    row = signed(house, nora)
    assert (row.how, row.signed_on, row.witness) == ("paper", nora.today(), "Nurse Ines")
    assert consent_holds(nora, LIGHT)
    scan = ConsentScan.objects.get(consent=row)
    assert (scan.file(), scan.media_type) == (SHEET, "application/pdf")
    assert SHEET not in bytes(scan.sealed_file)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scan": b""}, "scan: missing"),
        ({"scan": b"hello"}, "no PDF"),
        ({"scan": b"%PDF-" + b"0" * 1_900_000}, "at most"),
        ({"witness": " "}, "witness"),
        ({"version": "1"}, "version 2"),
        ({"version": ""}, "version 2"),
        ({"signed_on": dt.date(2199, 1, 1)}, "future"),
        ({"signed_on": dt.date(2020, 1, 1)}, "sign again"),
        ({"purpose": "capability"}, "not agreed to on paper"),
        ({"purpose": "helper"}, "not agreed to on paper"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused(house: House, changes: dict[str, Any], said: str) -> None:
    nora = nora_of(house)
    with pytest.raises(BadInput, match=said):
        signed(house, nora, **changes)
    assert not Consent.objects.filter(person=nora).exists()


def test_a_withdrawal_on_paper_or_by_word_holds_and_an_older_sheet_does_not_undo_it(house: House) -> None:
    nora = nora_of(house)
    signed(house, nora)
    told = signed(house, nora, given=False, scan=b"", version="")
    assert told.how == "told"
    assert Hold.objects.get(person=nora, lift=None).cause == "consent_withdrawn"
    for day in (nora.today(), nora.today() - dt.timedelta(days=3)):
        with pytest.raises(BadInput, match="before the withdrawal"):
            signed(house, nora, signed_on=day)
    assert not consent_holds(nora, LIGHT)
    # With an account as well: whoever says it at the desk has said it.
    agree(house.alice)
    assert signed(house, house.alice, given=False).how == "paper"
    assert not consent_holds(house.alice, LIGHT)


def test_a_clinician_alone_writes_it_down(house: House) -> None:
    for by in (account_of(house.alice), house.other_clinician, house.helper, house.admin):
        with pytest.raises(PermissionDenied):
            record_paper_consent(
                person=house.alice, purpose=LIGHT, given=True, by=by,
                paper=Paper(signed_on=house.alice.today(), witness="I", version="2", scan=SHEET),
            )  # fmt: skip


def test_on_the_page_the_sheet_is_attached_and_opened_again(house: House) -> None:
    nora = nora_of(house)
    client, where = signed_in(house.clinician), reverse("people:consent", args=[nora.pk])
    sheet = client.get(reverse("people:consent_sheet", args=[nora.pk, LIGHT])).content.decode()
    assert "still being studied" in sheet
    assert "Version 2" in sheet
    sent = {
        "id": "3f0c7f56-6f0e-4b83-8f14-1d6d8e6a9c01", "purpose": LIGHT, "given": "yes", "witness": "Nurse Ines",
        "signed_on": nora.today().isoformat(), "version": "2",
    }  # fmt: skip
    assert client.post(where, sent).status_code == 422
    photo = SimpleUploadedFile("sheet.jpg", b"\xff\xd8\xff\xe0 photo")
    assert client.post(where, sent | {"scan": photo}).status_code == 302
    page = client.get(where).content.decode()
    assert "Nurse Ines" in page
    scan = client.get(reverse("people:consent_scan", args=[nora.pk, sent["id"]]))
    assert (scan.content[:3], scan.headers["Content-Type"]) == (b"\xff\xd8\xff", "image/jpeg")
    assert scan.headers["Content-Disposition"].startswith("attachment")
    taken_back = sent | {"id": "3f0c7f56-6f0e-4b83-8f14-1d6d8e6a9c02", "given": "no", "version": ""}
    assert client.post(where, taken_back).status_code == 302
    assert not consent_holds(nora, LIGHT)


def test_somebody_with_an_account_is_led_to_it_at_sign_in_and_from_today(house: House) -> None:
    client = signed_in(account_of(house.alice))
    consent, today = (reverse(name, args=[house.alice.pk]) for name in ("people:consent", "home:today"))
    assert client.get("/").headers["Location"] == consent
    assert f'href="{consent}"' in client.get(today).content.decode()
    assert "Read it and answer" in client.get(today).content.decode()
    assert "Read it and answer" not in signed_in(house.helper).get(today).content.decode()
    agree(house.alice)  # to the first version of the text
    assert agreement_waits(house.alice) == "changed"
    assert client.get("/").headers["Location"] == today
    assert "has changed" in client.get(today).content.decode()
    actions.record_consent(person=house.alice, purpose=LIGHT, given=True, by=account_of(house.alice))
    assert "Read it and answer" not in client.get(today).content.decode()
    actions.record_consent(person=house.alice, purpose=LIGHT, given=False, by=account_of(house.alice))
    assert "Read it and answer" not in client.get(today).content.decode()
