"""Every record that can be sent: written once, the same again, never another under its id, by nobody else."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from care.conftest import signed_in
from care.db_snapshot import once
from care.sessions.session_factories import agree, release, write
from django.test import Client
from django.utils import timezone

from openpbm.care.api.urls import api
from openpbm.care.devices.models import Measurement
from openpbm.care.events.models import AdverseEvent
from openpbm.care.people.models import Change, Intake
from openpbm.care.scales.models import DiaryEntry, ScoreEntry, SpasmRecord
from openpbm.care.sessions.models import SessionRecord, SessionStart, SkinCheck

ID = str(uuid.UUID(int=77))


@dataclass(frozen=True)
class Kind:
    """One kind of record: where it is sent, a body, what makes it another, and bodies that cannot be."""

    path: str
    model: Any
    body: dict[str, Any]
    other: dict[str, Any]
    wrong: tuple[dict[str, Any], ...]


TODAY, NOW = "<today>", "<now>"
LAMP = "<lamp>"
PLACE = {"site": "posterior_calf", "side": "left"}
ANSWERS = {"person": {"age_years": 52, "sex": "female"}, "condition": {"diagnosis": "rls_primary"}}
KINDS = {
    "diary": Kind(
        "people/{person}/diary",
        DiaryEntry,
        {"date": TODAY, "entered_at": NOW, "answers": {"severity": 6}, "notes": "bad night"},
        {"answers": {"severity": 2}},
        (
            {"answers": {"severity": 11}},
            {"answers": {"severity": 10**15}},
            {"answers": {}, "notes": ""},
            {"date": 0},
            {"entered_at": "2026-11-20T20:00:00"},
        ),
    ),
    "spasms": Kind(
        "people/{person}/spasms",
        SpasmRecord,
        {"date": TODAY, "time": "03:10", "muscle": "calf", "seconds": 60, "pain": 7, "trigger": "stretching"},
        {"pain": 6},
        (
            {"pain": 11},
            {"seconds": -1},
            {"muscle": "x" * 41},
            {"time": "25:00"},
            {"supersedes": ID},
            {"date": "1950-01-01"},
        ),
    ),
    "scores": Kind(
        "people/{person}/scores",
        ScoreEntry,
        {"date": TODAY, "scale": "irls", "value": 21, "source": "clinician"},
        {"value": 22},
        ({"scale": "nonsense"}, {"value": 41}, {"value": None}, {"source": "radio"}, {"items": {"q1": 2}}),
    ),
    "events": Kind(
        "people/{person}/events",
        AdverseEvent,
        {"date": TODAY, "kind": "headache", "detail": "after the light", "grade": 2},
        {"detail": "before the light"},
        ({"grade": 6}, {"grade": True}, {"kind": ""}, {"date": "1950-01-01"}),
    ),
    "changes": Kind(
        "people/{person}/changes",
        Change,
        {"date": TODAY, "kind": "iron", "name": "iron tablets", "action": "start", "dose": "80 mg"},
        {"dose": "40 mg"},
        ({"kind": "weather"}, {"action": "maybe"}, {"name": ""}, {"name": "x" * 121}),
    ),
    "intakes": Kind(
        "people/{person}/intakes",
        Intake,
        {"document": ANSWERS, "reason": "first answers"},
        {"document": ANSWERS | {"person": {"age_years": 53}}},
        (
            {"document": {}},
            {"document": {"person": {"age_years": 152}, "condition": {"programme": "rls"}}},
            {"document": ANSWERS | {"release": {}}},
            {"reason": "x" * 201},
        ),
    ),
    "session-starts": Kind(
        "people/{person}/session-starts",
        SessionStart,
        {"lamp_id": LAMP, "places": [["posterior_calf", "left"]], "started_at": NOW},
        {"places": [["posterior_calf", "right"]]},
        ({"places": []}, {"places": [["face", "left"]]}, {"started_at": "2020-01-01T00:00:00Z"}, {"resumes": ID}),
    ),
    "sessions": Kind(
        "people/{person}/sessions",
        SessionRecord,
        {"lamp_id": LAMP, "date": TODAY, "time": "00:00", **PLACE, "minutes": 15, "distance_mm": 150, "status": "done"},
        {"minutes": 14.5},
        (
            {"status": "missed"},
            {"minutes": 601},
            {"minutes": "15"},
            {"time": "25:00"},
            {"time": "10:00Z"},
            {"pauses": [[1]]},
            {"start_id": ID},
            {"supersedes": ID},
            {"side": "above"},
        ),
    ),
    "skin": Kind(
        "people/{person}/sessions/{record}/skin",
        SkinCheck,
        {"moment": "24h", "reaction": "warmth", "note": "a little"},
        {"note": "more"},
        ({"moment": "later"}, {"reaction": ""}, {"note": "x" * 4001}),
    ),
    "measurements": Kind(
        "lamps/{lamp}/measurements",
        Measurement,
        {
            "measured_on": TODAY,
            "wavelength_nm": 850,
            "irradiance_mw_cm2": 22.5,
            "distance_mm": 150,
            "uncertainty_percent": 8,
            "meter": "bench meter",
            "meter_calibrated_on": TODAY,
        },
        {"irradiance_mw_cm2": 23},
        ({"wavelength_nm": 660}, {"irradiance_mw_cm2": 0}, {"meter": ""}, {"measured_on": "2190-01-01"}),
    ),
}


class Desk:
    """Alice's released course, and where her records are sent."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.today = timezone.now().astimezone(house.alice.zone).date()
        self.plan, self.record = once(("desk", house.alice.pk), self._released)
        self.client = signed_in(house.alice.user)
        self.now = timezone.now().isoformat()

    def _released(self) -> tuple[Any, Any]:
        """A plan and the session of today."""
        agree(self.house.alice)
        plan = release(self.house.alice, self.house.clinician, start=self.today)
        # Without light: a session can still be begun today.
        none: dict[str, Any] = {
            "status": "missed",
            "minutes": None,
            "reason": "away",
            "skin_reaction": "",
            "looked": False,
        }
        return plan, write(plan, self.today, places=[("posterior_calf", "right")], **none)[0]

    def path(self, kind: Kind, person: Any = None) -> str:
        whose = (person or self.house.alice).pk
        return "/api/" + kind.path.format(person=whose, record=self.record.pk, lamp=self.plan.lamp_id)

    def body(self, kind: Kind, changes: dict[str, Any] | None = None) -> dict[str, Any]:
        values = {TODAY: self.today.isoformat(), NOW: self.now, LAMP: str(self.plan.lamp_id)}
        filled = {
            key: values.get(value, value) if isinstance(value, str) else value for key, value in kind.body.items()
        }
        return {"id": ID} | filled | (changes or {})

    def send(
        self, kind: Kind, changes: dict[str, Any] | None = None, client: Client | None = None, path: str = ""
    ) -> Any:
        sender = client or self.sender(kind)
        return sender.post(path or self.path(kind), self.body(kind, changes), content_type="application/json")

    def sender(self, kind: Kind) -> Client:
        """A patient writes about themselves; the clinic's lamp is the clinic's."""
        return signed_in(self.house.clinician) if kind.model is Measurement else self.client


@pytest.fixture
def desk(house: Any, request: pytest.FixtureRequest) -> Desk:
    return Desk(house)


def every_kind(test: Any) -> Any:
    return pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)(test)


def test_every_record_that_can_be_sent_is_in_the_table() -> None:
    sent = {
        path.split("/api/")[1]
        for path, operations in api.get_openapi_schema(path_prefix="/api/")["paths"].items()
        if "requestBody" in operations.get("post", {})
    }
    ours = {kind.path.format(person="{person_id}", record="{record_id}", lamp="{lamp_id}") for kind in KINDS.values()}
    assert ours == sent


@every_kind
def test_sent_twice_it_is_there_once_and_another_body_is_a_conflict(desk: Desk, kind: Kind) -> None:
    first = desk.send(kind)
    assert first.status_code == 201, first.content
    again = desk.send(kind)
    assert again.status_code == 200, again.content
    assert (first.json()["new"], again.json()["new"]) == (True, False)
    assert first.json()["content"] == again.json()["content"]
    assert first.json()["id"] == again.json()["id"] == ID
    other = desk.send(kind, kind.other)
    assert other.status_code == 409, other.content
    assert kind.model.objects.filter(pk=ID).count() == 1
    kept = {key: value for key, value in first.json()["content"].items()}
    assert desk.send(kind).json()["content"] == kept


@pytest.mark.parametrize(
    ("kind", "changes"),
    [pytest.param(kind, wrong, id=f"{name}-{n}") for name, kind in KINDS.items() for n, wrong in enumerate(kind.wrong)],
)
def test_what_cannot_be_is_refused_with_its_reason_and_nothing_is_written(desk: Desk, kind: Kind, changes: Any) -> None:
    answer = desk.send(kind, changes)
    assert answer.status_code in (400, 422), answer.content
    assert all(problem["message"] and "remedy" in problem for problem in answer.json()["problems"])
    assert not kind.model.objects.filter(pk=ID).exists()


@every_kind
@pytest.mark.parametrize("changes", [{"id": "5"}, {"extra": 1}, {"id": None}], ids=["id", "extra", "no id"])
def test_a_body_of_another_shape_is_refused(desk: Desk, kind: Kind, changes: Any) -> None:
    assert desk.send(kind, changes).status_code == 422
    assert not kind.model.objects.filter(pk=ID).exists()


@every_kind
def test_a_stranger_writes_nothing(desk: Desk, kind: Kind) -> None:
    answer = desk.send(kind, client=Client())
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    assert not kind.model.objects.filter(pk=ID).exists()


@every_kind
@pytest.mark.parametrize("who", ["bob", "carol", "other_clinician", "auditor"])
@pytest.mark.parametrize("changes", [{}, {"id": "not an id"}], ids=["sound", "broken"])
def test_nobody_else_writes_whether_the_body_is_sound_or_not(desk: Desk, kind: Kind, who: str, changes: Any) -> None:
    somebody = getattr(desk.house, who)
    client = signed_in(getattr(somebody, "user", somebody))
    real = desk.send(kind, changes, client=client)
    unreal = client.post(
        desk.path(kind).replace(str(desk.house.alice.pk), ID).replace(str(desk.plan.lamp_id), ID),
        desk.body(kind, changes),
        content_type="application/json",
    )
    assert (real.status_code, real.content) == (unreal.status_code, unreal.content)
    assert real.status_code == 403
    assert not kind.model.objects.filter(pk=ID).exists()


@pytest.mark.parametrize("name", ["sessions", "session-starts"])
def test_a_lamp_of_others_is_as_unknown_as_none(desk: Desk, name: str) -> None:
    foreign = release(desk.house.bob, desk.house.other_clinician).lamp
    answers = [desk.send(KINDS[name], {"lamp_id": lamp}) for lamp in (str(foreign.pk), ID)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content


def test_a_record_of_somebody_else_cannot_be_named(desk: Desk) -> None:
    agree(desk.house.bob)
    plan = release(desk.house.bob, desk.house.other_clinician)
    foreign = write(plan, desk.today, looked=False)[0]
    path = f"/api/people/{desk.house.alice.pk}/sessions/{foreign.pk}/skin"
    assert desk.send(KINDS["skin"], path=path).status_code == 400
    assert desk.send(KINDS["sessions"], {"supersedes": str(foreign.pk)}).status_code == 400
    assert not SkinCheck.objects.filter(record=foreign).exists()


def test_an_id_taken_by_somebody_else_is_a_conflict(desk: Desk) -> None:
    """The other's record is neither shown nor changed."""
    kind = KINDS["diary"]
    assert desk.send(kind).status_code == 201
    answer = desk.send(kind, client=signed_in(desk.house.bob.user), path=desk.path(kind, desk.house.bob))
    assert answer.status_code == 409
    assert "bad night" not in answer.content.decode()
    assert desk.house.bob.diary.count() == 0


@pytest.mark.parametrize(
    "path", ["nothing/like/this", "", "people", "me/", "people/x/diary", "docs", f"people/{ID}/diary/{ID}"]
)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options", "head"])
def test_a_stranger_is_told_to_sign_in_wherever_they_knock(db: None, path: str, method: str) -> None:
    assert getattr(Client(), method)(f"/api/{path}").status_code == 401


def test_a_correction_supersedes_over_the_api_too(desk: Desk) -> None:
    kind = KINDS["sessions"]
    assert desk.send(kind).status_code == 201
    newer = {"id": str(uuid.UUID(int=78)), "minutes": 12.0, "status": "partial", "reason": "tired", "supersedes": ID}
    assert desk.send(kind, newer).status_code == 201
    assert desk.send(kind, newer).status_code == 200
    assert SessionRecord.objects.get(pk=ID).newer.minutes == 12.0
    assert desk.send(kind, newer | {"id": str(uuid.UUID(int=79))}).status_code == 400


def test_a_clock_is_kept_as_the_persons_own(desk: Desk) -> None:
    answer = desk.send(KINDS["sessions"], {"time": "00:01:02"})
    assert answer.status_code == 201
    assert SessionRecord.objects.get(pk=ID).time == dt.time(0, 1, 2)
