"""What is kept about a person: once, checked by the core, superseded and never overwritten."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of
from present import present

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.people import actions
from openpbm.care.people.consent_texts import ConsentText, consent_text
from openpbm.care.people.models import Change, Consent, HelperGrant, Identity, Intake, Person
from openpbm.care.people.selectors import age_on_file, changes_of, consent_holds, goals_of, latest_intake, stages_of
from openpbm.care.people.signals import consent_withdrawn
from openpbm.errors import BadInput
from openpbm.facts.care_stages import care_stages
from openpbm.facts.medicine_text import read_medicines

ANSWERS = {
    "person": {"age_years": 52, "sex": "female", "medications": ["ibuprofen"], "findings": {"dialysis": False}},
    "condition": {"diagnosis": "rls_primary", "confirmed_by": "neurologist"},
}


def record(house: House, document: Any = ANSWERS, **options: Any) -> tuple[Intake, bool]:
    given: dict[str, Any] = {"person": house.alice, "reason": "", "by": house.alice.user} | options
    return actions.record_intake(document=document, **given)


def test_answers_are_kept_once_and_the_newest_counts(house: House) -> None:
    id = uuid.uuid4()
    first, created = record(house, id=id)
    again, created_again = record(house, id=id)
    assert (created, created_again, again.pk) == (True, False, first.pk)
    second, _ = record(house, document=ANSWERS | {"condition": {"programme": "rls"}}, reason="new")
    assert latest_intake(house.alice) == second
    assert second.supersedes == first
    assert record(house, id=id)[1] is False, "an old sending that comes again is not a new answer"
    with pytest.raises(Conflict):
        record(house, id=id, document=ANSWERS | {"condition": {"programme": "rls"}})
    assert Intake.objects.count() == 2


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ({"person": {"age_years": 130}, "condition": {"programme": "rls"}}, "age_years = 130: must be at most 120"),
        ({"person": {"findings": {"dialisys": True}}, "condition": {"programme": "rls"}}, "did you mean dialysis"),
        ({"person": {}, "condition": {}}, "neither diagnosis nor programme"),
        ({"person": {}}, "condition"),
        (ANSWERS | {"release": {"rules": ["pregnancy"], "by": "me"}}, "does not belong to the answers"),
        (ANSWERS | {"confirm": {"values": ["distance_mm"], "by": "Dr A"}}, "so it cannot be confirmed with them"),
        (ANSWERS | {"confirm": {"values": ["age_years"], "by": "Dr A"}}, "confirm.by"),
        (ANSWERS | {"confirm": {"values": 5}}, "confirm.values"),
        ({"person": {"sex": "male", "pregnant": True}, "condition": {"programme": "rls"}}, "cannot be with sex"),
    ],
)
def test_answers_the_core_refuses_are_not_kept(house: House, document: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        record(house, document=document)
    assert not Intake.objects.exists()


def test_none_other_is_written_out(house: House) -> None:
    """A question that a later version adds must not count as answered by an old `none_other`."""
    row, _ = record(
        house, document={"person": {"findings": {"none_other": True, "copd": True}}, "condition": {"programme": "rls"}}
    )
    findings = row.document["person"]["findings"]
    assert "none_other" not in findings
    assert findings["copd"] is True
    assert findings["dialysis"] is False


def change(house: House, **options: Any) -> tuple[Change, bool]:
    given = {
        "person": house.alice, "date": house.alice.today(), "kind": "medicine", "name": "Doxycycline 100 mg",
        "action": "start", "dose": "", "by": house.alice.user,
    }  # fmt: skip
    return actions.record_change(**(given | options))


def test_a_medicine_that_starts_is_a_new_answer_and_one_that_stops_another(house: House) -> None:
    first, _ = record(house)
    id = uuid.uuid4()
    change(house, id=id)
    change(house, id=id)
    assert present(latest_intake(house.alice)).document["person"]["medications"] == ["ibuprofen", "Doxycycline 100 mg"]
    change(house, name="doxycycline", action="stop")
    assert present(latest_intake(house.alice)).document["person"]["medications"] == ["ibuprofen"]
    assert Intake.objects.count() == 3
    assert first.document["person"]["medications"] == ["ibuprofen"]
    assert [row.action for row in changes_of(house.alice)] == ["start", "stop"]
    assert [row.line for row in changes_of(house.alice)] == [2, 3]


@pytest.mark.parametrize(
    ("listed", "stopped", "left"),
    [
        ("Cordarone 200 mg", "amiodarone", []),
        ("simvastatin + amiodarone", "simvastatin", ["simvastatin + amiodarone"]),
        ("amiodarone, foobarol", "Cordarone", ["amiodarone, foobarol"]),
        ("Zoloft", "Ameluz", ["Zoloft"]),
    ],
)
def test_a_line_is_gone_only_when_all_it_names_was_stopped(
    house: House, listed: str, stopped: str, left: list[str]
) -> None:
    record(house, document={"person": {"medications": [listed]}, "condition": {"programme": "rls"}})
    change(house, name=stopped, action="stop")
    assert present(latest_intake(house.alice)).document["person"]["medications"] == left


def test_what_takes_up_the_light_stays_in_the_list_after_it_was_stopped(house: House) -> None:
    """A gel of two days ago was gone from the answers the moment it was stopped, and light was allowed."""
    record(house, document={"person": {"medications": ["Ameluz"]}, "condition": {"programme": "rls"}})
    row, _ = change(house, name="Ameluz", action="stop")
    listed = present(latest_intake(house.alice)).document["person"]["medications"]
    assert listed == [f"Ameluz (stopped {row.date.isoformat()})"]
    assert [named.medicine.tier for named in read_medicines(listed[0]).found] == [1]
    assert read_medicines(listed[0]).unknown == ()


def test_an_unknown_list_of_medicines_stays_unknown(house: House) -> None:
    """One known medicine would have made the list look complete."""
    record(house, document={"person": {}, "condition": {"programme": "rls"}})
    change(house)
    assert present(latest_intake(house.alice)).document["person"].get("medications") is None
    assert len(changes_of(house.alice)) == 1


def test_what_is_no_medicine_changes_no_answer(house: House) -> None:
    record(house)
    change(house, kind="coffee", name="", action="started")
    assert Intake.objects.count() == 1
    assert [(row.kind, row.action) for row in changes_of(house.alice)] == [("caffeine", "start")]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"kind": "moonlight"}, "kind"),
        ({"action": "explode"}, "action"),
        ({"date": dt.date(2199, 1, 1)}, 'date = "2199'),
        ({"name": " "}, "name: needed for a medicine"),
        ({"name": "keine"}, "says that none is taken"),
        ({"name": "x" * 121}, "at most 120"),
    ],
)
def test_a_change_that_cannot_be_is_refused(house: House, wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        change(house, **wrong)
    assert changes_of(house.alice) == ()


def consent(
    house: House, given: bool = True, purpose: Any = Consent.Purpose.LIGHT, **options: Any
) -> tuple[Consent, bool]:
    return actions.record_consent(
        person=house.alice, purpose=purpose, given=given, by=account_of(house.alice), **options
    )  # fmt: skip


def test_consent_holds_until_it_is_withdrawn_and_others_are_told(house: House) -> None:
    told = []

    def listen(person: Person, consent: Any, **_: Any) -> None:
        told.append((person, consent.given))

    consent_withdrawn.connect(listen)
    try:
        assert not consent_holds(house.alice, Consent.Purpose.LIGHT)
        consent(house)
        assert consent_holds(house.alice, Consent.Purpose.LIGHT)
        id = uuid.uuid4()
        consent(house, given=False, id=id)
        consent(house, given=False, id=id)
    finally:
        consent_withdrawn.disconnect(listen)
    assert not consent_holds(house.alice, Consent.Purpose.LIGHT)
    assert told == [(house.alice, False)]


def test_a_withdrawal_is_not_kept_when_what_follows_from_it_fails(house: House) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("hold not written")

    consent(house)
    consent_withdrawn.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            consent(house, given=False)
    finally:
        consent_withdrawn.disconnect(fail)
    assert consent_holds(house.alice, Consent.Purpose.LIGHT)


# Who agreed, agreed to this text. To change a text, add a file with the next version; these stay.
DIGESTS = {
    ("investigational_light", "1"): "b05714f0bbe2c4f6323fd585fe321cbc0679533dc1cdb40b8c9d4cbb54eb6f88",
    ("investigational_light", "2"): "455ef2428c0662316444e1c08e2d5b77242ac6b8ed285e54054d36ff8be941dc",
    ("record", "1"): "d5ee93eb2e8814929b0b0450266617ffe972dc3b11dc21ea69c00d953f0625f6",
    ("helper", "1"): "91f2dbaf08eb025db45536e08d6ae24fe937340818f44ee2c899d8188e821ca4",
    ("capability", "1"): "2d6c42ed27109d0c9a4a092b02469e1133efceb3c7dccbe7e927c791a098a0d2",
}


@pytest.mark.parametrize(("purpose", "version"), DIGESTS)
def test_the_text_of_a_version_does_not_change(house: House, purpose: Any, version: Any) -> None:
    assert ConsentText(purpose=Consent.Purpose(purpose), version=version).digest == DIGESTS[purpose, version]


@pytest.mark.parametrize("purpose", Consent.Purpose.values)
def test_what_is_shown_is_the_newest_version(house: House, purpose: Any) -> None:
    assert consent_text(purpose).version == max(version for name, version in DIGESTS if name == purpose)


def test_nobody_agrees_to_what_the_checkpoint_refuses_to_say(house: House) -> None:
    """The first version promised that the record shows whether light helps, and that "we" stop; some are alone."""
    text = consent_text("investigational_light").html
    for promise in ("whether it helps", "we stop"):
        assert promise not in text
    assert "too little to tell" in text


def test_capability_needs_every_yes(house: House) -> None:
    from openpbm.care.people.capability import CAPABILITIES

    yes = {one.id: True for one in CAPABILITIES}
    with pytest.raises(BadInput, match="every answer is yes"):
        consent(house, purpose="capability", answers=yes | {"stop": False})
    with pytest.raises(BadInput, match=r"capability.stop: must be answered"):
        consent(house, purpose="capability", answers={"distance": True})
    consent(house, purpose="capability", answers=yes | {"stop": False}, given=False)
    assert not consent_holds(house.alice, "capability")
    because = {"changed_because": "My sister switches it off for me"}
    for told, said in (
        ({}, "you said no to"),
        ({"changed_because": "ok"}, "what has changed"),
        (because, "answer again from"),
    ):
        with pytest.raises(BadInput, match=said):
            consent(house, purpose="capability", answers=yes | told)
    later = clock.now() + dt.timedelta(hours=24, seconds=1)
    with clock.told_by(lambda: later):
        consent(house, purpose="capability", answers=yes | because)
    assert consent_holds(house.alice, "capability")


def test_a_helper_comes_in_with_consent_and_goes_with_it(house: House) -> None:
    stranger = User.objects.create(username="frida")
    grant = actions.grant_help(person=house.alice, user=stranger, by=account_of(house.alice))
    assert actions.grant_help(person=house.alice, user=stranger, by=account_of(house.alice)) == grant
    assert consent_holds(house.alice, "helper", str(stranger.pk))
    actions.end_help(grant=grant, by=account_of(house.alice))
    assert HelperGrant.objects.get(pk=grant.pk).ended_at is not None
    assert not consent_holds(house.alice, "helper", str(stranger.pk))
    actions.end_help(grant=grant, by=account_of(house.alice))  # pressed twice, on a page that still showed them
    assert AuditEntry.objects.filter(action="helper_let_go").count() == 1


@pytest.mark.parametrize("who", ["clinician", "self"])
def test_staff_and_oneself_are_no_helpers(house: House, who: str) -> None:
    user = present(house.clinician if who == "clinician" else house.alice.user)
    with pytest.raises(BadInput, match="cannot be a helper"):
        actions.grant_help(person=house.alice, user=user, by=account_of(house.alice))


def test_goals_are_sealed_and_superseded(house: House) -> None:
    actions.set_goal(person=house.alice, number=1, text="Sit through a film", by=account_of(house.alice))
    newest, _ = actions.set_goal(person=house.alice, number=1, text="Sleep six hours", by=account_of(house.alice))
    assert [row.text() for row in goals_of(house.alice)] == ["Sleep six hours"]
    assert b"Sleep" not in bytes(newest.sealed_text)
    with pytest.raises(BadInput, match="from 1 to 3"):
        actions.set_goal(person=house.alice, number=4, text="x", by=account_of(house.alice))


def test_the_eight_stages_are_set_and_the_audit_keeps_what_was(house: House) -> None:
    assert [one.is_past for one in stages_of(house.alice)] == [False] * len(care_stages)
    given: dict[str, Any] = {
        "person": house.alice,
        "stage": "assess",
        "owner": house.clinician,
        "note": "",
        "by": house.clinician,
    }
    actions.set_stage(due=house.alice.today() - dt.timedelta(days=1), done=False, **given)
    assert stages_of(house.alice)[0].is_past
    actions.set_stage(due=None, done=True, **given)
    assert not stages_of(house.alice)[0].is_past
    assert present(stages_of(house.alice)[0].row).done_at
    entry = present(AuditEntry.objects.filter(action="stage_set").last())
    assert entry.detail["before"]["done"] is False
    with pytest.raises(BadInput, match="not one of the eight"):
        actions.set_stage(due=None, done=True, **(given | {"stage": "asess"}))


def test_a_clinic_registers_somebody_once_with_a_password_shown_once(house: House) -> None:
    given: dict[str, Any] = {
        "by": house.clinician, "clinic": house.clinic, "identity": Identity(name="Nora New"),
        "time_zone": "Europe/Berlin", "login_name": "nora", "id": uuid.uuid4(),
    }  # fmt: skip
    person, password = actions.register_with_account(**given)
    assert account_of(person).check_password(password)
    assert len(password) >= 16
    assert actions.register_with_account(**given) == (person, "")
    assert b"Nora" not in bytes(Person.objects.get(pk=person.pk).sealed_identity)
    with pytest.raises(BadInput, match="cannot be had"):
        actions.register_with_account(**(given | {"id": uuid.uuid4(), "login_name": "NORA"}))
    assert Person.objects.filter(clinic=house.clinic).count() == 2, "nobody is left without the account asked for"


def test_one_may_not_register_into_another_clinic_by_a_known_id(house: House) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        actions.register_person(
            by=house.other_clinician, clinic=house.other_clinic, identity=Identity(), time_zone="UTC", id=house.alice.pk
        )
    assert Person.objects.get(pk=house.alice.pk).clinic == house.clinic


def test_signing_up_gives_one_record_and_none_to_staff(house: House) -> None:
    user = User.objects.create_user("sam", password=PASSWORD)
    person = actions.sign_up_self(user=user, identity=Identity(), time_zone="UTC")
    assert actions.sign_up_self(user=user, identity=Identity(), time_zone="UTC") == person
    assert person.self_managed
    with pytest.raises(BadInput, match="staff"):
        actions.sign_up_self(user=house.admin, identity=Identity(), time_zone="UTC")
    with pytest.raises(BadInput, match="time zone 'Mars/Base'"):
        actions.sign_up_self(user=User.objects.create(username="tom"), identity=Identity(), time_zone="Mars/Base")


def test_a_changed_identity_leaves_only_the_names_of_what_changed(house: House) -> None:
    actions.set_identity(
        person=house.alice, identity=Identity(name="Alice Other", email="a@example.org"), time_zone="UTC",
        by=account_of(house.alice),
    )  # fmt: skip
    entry = AuditEntry.objects.get(action="identity_changed")
    assert entry.detail == {"changed": ["birth_date", "email", "name", "time_zone"]}
    assert Person.objects.get(pk=house.alice.pk).identity.email == "a@example.org"


def test_all_of_it_verifies(house: House) -> None:
    record(house)
    change(house)
    consent(house)
    actions.set_goal(person=house.alice, number=1, text="Walk", by=account_of(house.alice))
    assert verify().faults == ()


def test_an_age_that_contradicts_the_date_of_birth_on_file_is_refused_and_none_is_filled_in(house: House) -> None:
    """Pages took it from the record; an application could still write another, and with it pass a limit of age."""
    with pytest.raises(BadInput, match="age_years = 17: contradicts the date of birth on file"):
        record(house, ANSWERS | {"person": {"age_years": 17}})
    kept, _ = record(house, ANSWERS | {"person": {"sex": "female"}})
    assert kept.document["person"]["age_years"] == age_on_file(house.alice) == 52
