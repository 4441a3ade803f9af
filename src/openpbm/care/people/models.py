"""The person: who they are (sealed), what they answered, who helps them, and the stages of their care."""

from __future__ import annotations

import base64
import datetime as dt
import json
import secrets
import uuid
import zoneinfo
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeAlias

from django.conf import settings
from django.db import models

from openpbm.care import clock
from openpbm.care.accounts.models import Clinic
from openpbm.care.audit.constraints import Within, one_of
from openpbm.care.audit.ledger import Watched
from openpbm.care.audit.models import DocumentField, InsertOnly
from openpbm.care.encryption.sealing import new_data_key, open_sealed, seal, unwrap, wrap
from openpbm.care.prepared import Prepared
from openpbm.errors import BadInput, Problem

__all__ = [
    "APPOINTMENT_MINUTES", "LONGEST_GOAL", "LONGEST_NOTES", "Appointment", "Change", "Consent", "ConsentScan",
    "Erasure", "Goal", "HelperGrant", "Identity", "Intake", "IntakeDraft", "Person", "PersonKey", "Stage",
    "goal_numbers", "lock_person",
]  # fmt: skip

#: A person works towards so many goals at one time.
_GOAL_NUMBERS = Within(1, 3)
APPOINTMENT_MINUTES = Within(5, 480)
#: Characters of a text that is sealed: its column holds bytes, and cannot say it.
LONGEST_GOAL, LONGEST_NOTES = 300, 4000
#: A new time zone counts so long after it was given.
ZONE_WAITS = dt.timedelta(hours=24)


def goal_numbers() -> range:
    """The numbers a person's goals have."""
    return range(_GOAL_NUMBERS.least, _GOAL_NUMBERS.most + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What identifies a person; kept sealed with their data key."""

    name: str = ""
    birth_date: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


def _new_code() -> str:
    # Without I, O, 0 and 1: codes are read aloud on the telephone and copied by hand.
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "P-" + "".join(secrets.choice(letters) for _ in range(6))


class Person(Watched):
    """Somebody treated with light. Without a clinic they manage themselves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True, default=_new_code)
    clinic = models.ForeignKey(Clinic, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="person"
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    # Until a new zone counts: days that end early would be days with two sessions.
    time_zone_before = models.CharField(max_length=64, blank=True)
    time_zone_given_at = models.DateTimeField(null=True, blank=True)
    # By their own clock. None until they ask for it: nothing of a course is sent to anybody who did not.
    letter_at = models.TimeField(
        null=True, blank=True, help_text="When one letter a day goes out, if something is due."
    )
    sealed_identity = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=clock.now)
    # Set where they were erased: nobody opens the record from then on.
    left_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code

    @property
    def self_managed(self) -> bool:
        """Whether no clinic stands beside them."""
        return self.clinic_id is None

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone their days go by; a new one counts a day after it was given."""
        return zoneinfo.ZoneInfo(self.time_zone if self.new_zone_from is None else self.time_zone_before)

    @property
    def new_zone_from(self) -> dt.datetime | None:
        """When a new time zone begins to count; None where none waits."""
        if self.time_zone_given_at is None or not self.time_zone_before:
            return None
        counts = self.time_zone_given_at + ZONE_WAITS
        return counts if clock.now() < counts else None

    def today(self) -> Any:
        """The date where they live."""
        return clock.now().astimezone(self.zone).date()

    def data_key(self) -> bytes:
        """Their data key; BadInput once it was forgotten."""
        # Unwrapped once a row: a page opens a dozen sealed texts of one person.
        if not hasattr(self, "_data_key"):
            row = self.key
            if row.wrapped is None:
                raise BadInput(
                    Problem(
                        key=self.code, message="the data key was forgotten, so names and notes cannot be read any more"
                    )
                )
            self._data_key = unwrap(bytes(row.wrapped), str(self.pk))
        return self._data_key

    def seal(self, text: str, place: str) -> bytes:
        """Seal a text of theirs for one place; an empty text stays empty."""
        return seal(text.encode(), self.data_key(), place) if text else b""

    def open(self, sealed: bytes | memoryview, place: str) -> str:
        """Open what was sealed for that place."""
        return open_sealed(bytes(sealed), self.data_key(), place).decode() if sealed else ""

    @property
    def identity(self) -> Identity:
        """What identifies them, opened."""
        if not self.sealed_identity:
            return Identity()
        return Identity(**json.loads(self.open(self.sealed_identity, f"identity {self.pk}")))

    def set_identity(self, identity: Identity) -> None:
        """Seal what identifies them; the caller saves."""
        self.sealed_identity = self.seal(json.dumps(asdict(identity)), f"identity {self.pk}")

    def shown_name(self) -> str:
        """The name their clinic sees, the code where there is none."""
        return self.identity.name or self.code


def lock_person(person_id: uuid.UUID) -> Person:
    """The person's row, locked until the transaction ends: of two at once the second sees what the first wrote.

    Taken before anything is written: whoever takes it after the audit chain waits for somebody who waits for them.
    `no_key`: rows that name the person as their owner are written meanwhile, and wait for the audit chain, not for us.
    """
    person = _LOCKED_PERSON.first(id=person_id)
    if person is None:
        raise Person.DoesNotExist
    return person


_LOCKED_PERSON = Prepared(lambda id: Person.objects.select_for_update(no_key=True).filter(pk=id))


class PersonKey(Watched):
    """The person's data key, wrapped by the key file. None once it is forgotten, which is erasure."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="key", primary_key=True)
    wrapped = models.BinaryField(null=True)
    forgotten_at = models.DateTimeField(null=True)

    @classmethod
    def make(cls, person: Person) -> PersonKey:
        """Give a person their key; before anything of theirs is sealed."""
        row = cls(person=person, wrapped=wrap(new_data_key(), str(person.pk)))
        row.save(force_insert=True)
        return row


class HelperGrant(Watched):
    """A helper (family) may see and write in a person's record, until it is ended."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="helpers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="helping")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            # Only of those that hold: a helper who was let go may be let in again, and the ended grant stays.
            models.UniqueConstraint(
                fields=["person", "user"], condition=models.Q(ended_at=None), name="one_grant_a_helper"
            ),
        )


class _Purpose(models.TextChoices):
    """What is agreed to."""

    LIGHT = "investigational_light", "Investigational light treatment"
    RECORD = "record", "Keeping this record"
    HELPER = "helper", "A helper sees my record"
    CAPABLE = "capability", "I can do this on my own"


class _How(models.TextChoices):
    """Which way it was said."""

    ACCOUNT = "account", "on their own page"
    PAPER = "paper", "on paper"
    TOLD = "told", "told to the clinic"


class Consent(InsertOnly):
    """Agreement to one purpose in one version of its text, or its withdrawal.

    how : on the person's own page, or written down by a clinician
    signed_on, witness : of a sheet of paper, or of what was told: the day, and who saw or heard it
    """

    Purpose: TypeAlias = _Purpose
    How: TypeAlias = _How

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=32, choices=Purpose)
    about = models.CharField(max_length=64, blank=True, help_text="The helper's account, for a helper.")
    version = models.CharField(max_length=32)
    # Beside the version: a text that was edited under its old number is found out by this.
    text_digest = models.CharField(max_length=64)
    given = models.BooleanField()
    answers = DocumentField(default=dict)
    how = models.CharField(max_length=12, choices=_How, default=_How.ACCOUNT)
    signed_on = models.DateField(null=True, blank=True)
    witness = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = (
            one_of("purpose", _Purpose, name="consent_purpose"),
            one_of("how", _How, name="consent_how"),
        )


class ConsentScan(InsertOnly):
    """The sheet that was signed, sealed. Beside its consent, so that whoever asks what holds does not read it along."""

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="scan")
    media_type = models.CharField(max_length=40)
    sealed_file = models.BinaryField()

    def file(self) -> bytes:
        """The sheet, opened."""
        return base64.b64decode(self.text())

    def text(self) -> str:
        """The sheet as text, in base64."""
        return self.consent.person.open(self.sealed_file, self.place())

    def place(self) -> str:
        """What it is sealed for."""
        return f"consent scan {self.pk}"


class Intake(InsertOnly):
    """What was answered: sections `person` and `condition` of a case file, plus `course.supervision` by the clinic.

    A new finding or medicine is a new intake that supersedes the last; the newest counts.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="intakes")
    document = DocumentField()
    reason = models.CharField(max_length=200, blank=True)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    # The server finds what a row supersedes; sent again, it would find the row itself.
    computed_fields: ClassVar[tuple[str, ...]] = ("supersedes_id",)


class IntakeDraft(models.Model):
    """Answers one account has begun to give about a person, sealed; gone once they are recorded or discarded."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="intake_drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sealed_answers = models.BinaryField()
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "user"], name="one_intake_draft_an_account"),)


class Change(InsertOnly):
    """Something beside the light that began, stopped or changed: a line of the course's timeline."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes")
    date = models.DateField()
    # Kinds and actions are rows of the facts, which grow without a migration: no constraint names them.
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    action = models.CharField(max_length=20)
    dose = models.CharField(max_length=120, blank=True)


class Stage(models.Model):
    """One of the eight stages of care: whose it is, by when, and when it was done."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=32)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT)
    due = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "stage"], name="one_row_a_stage"),)


class _ErasureStep(models.TextChoices):
    """What happened on the way to erasing a person."""

    ASKED = "asked", "Asked for"
    TAKEN_BACK = "taken_back", "Taken back"
    VIEWED = "viewed", "Looked at by a clinician"
    DONE = "done", "Done"


class Erasure(InsertOnly):
    """A step towards erasing a person; the newest tells how it stands.

    keep_until : with VIEWED, the day until which the record must be kept readable; None where nothing has to be
    basis : with VIEWED, the law or contract that says so, or why nothing has to be kept
    """

    Step: TypeAlias = _ErasureStep

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    step = models.CharField(max_length=12, choices=Step)
    keep_until = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (one_of("step", _ErasureStep, name="erasure_step"),)


class Goal(InsertOnly):
    """One of up to three goals, in the person's own words (sealed)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField(validators=[_GOAL_NUMBERS])
    sealed_text = models.BinaryField()
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="newer")

    computed_fields: ClassVar[tuple[str, ...]] = ("supersedes_id",)

    class Meta:
        constraints = (_GOAL_NUMBERS.constraint("number", name="goal_number"),)

    def text(self) -> str:
        """The goal, opened."""
        return self.person.open(self.sealed_text, f"goal {self.pk}")


class _AppointmentKind(models.TextChoices):
    """Where it takes place."""

    CLINIC = "clinic", "In the clinic"
    DIALYSIS = "dialysis_chair", "At the dialysis chair"
    PHONE = "phone", "By telephone"
    HOME = "home", "At home"


class _AppointmentState(models.TextChoices):
    """Whether it is still to come, and how it ended."""

    PLANNED = "planned", "Planned"
    KEPT = "kept", "Kept"
    MISSED = "missed", "Missed"
    CANCELLED = "cancelled", "Cancelled"


class Appointment(models.Model):
    """A time agreed on: in the clinic, at the dialysis chair, by telephone, or a session at home."""

    Kind: TypeAlias = _AppointmentKind
    State: TypeAlias = _AppointmentState

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30, validators=[APPOINTMENT_MINUTES])
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CLINIC)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("starts_at",)
        constraints = (
            APPOINTMENT_MINUTES.constraint("minutes", name="appointment_minutes"),
            one_of("kind", _AppointmentKind, name="appointment_kind"),
            one_of("state", _AppointmentState, name="appointment_state"),
        )
