"""The forms about a person, the intake apart."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
import zoneinfo
from typing import Any

from django import forms
from django.db.models import Q

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.form_page import CleanedData
from openpbm.care.people.actions.change import MEDICINE_KINDS
from openpbm.care.people.actions.paper_consent import LARGEST_SCAN, Paper
from openpbm.care.people.capability import CAPABILITIES, CHANGED_BECAUSE
from openpbm.care.people.medicine_names import KEEP_LABEL, question_about
from openpbm.care.people.models import (
    APPOINTMENT_MINUTES,
    LONGEST_GOAL,
    Appointment,
    Change,
    Consent,
    Identity,
    Person,
    Stage,
    goal_numbers,
)
from openpbm.facts.timeline_kinds import timeline_actions, timeline_kind, timeline_kinds
from openpbm.files.time_zone import zone_names

__all__ = [
    "AppointmentForm",
    "CapabilityForm",
    "ChangeForm",
    "GoalForm",
    "HelperForm",
    "IdentityForm",
    "RegisterForm",
    "StageForm",
    "WelcomeForm",
]

_LONGEST_NAME = 120


@functools.cache
def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in zone_names()]


class IdentityForm(forms.Form):
    """What identifies a person; all of it may stay empty."""

    name = forms.CharField(
        label="Name", required=False, max_length=_LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    birth_date = DayField("Date of birth", required=False)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Reminders go there. Leave it empty and they are shown only here.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label="Telephone",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    address = forms.CharField(
        label="Address",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    time_zone = forms.ChoiceField(label="Time zone", help_text="Sessions and reminders follow the clock there.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        zone.choices = _zones()

    def identity(self) -> Identity:
        """What was given, as it is sealed."""
        given = self.cleaned_data
        born: dt.date | None = given.get("birth_date")
        return Identity(
            name=given.get("name", "").strip(),
            birth_date="" if born is None else born.isoformat(),
            email=given.get("email", ""),
            phone=given.get("phone", ""),
            address=given.get("address", ""),
        )

    def clean_birth_date(self) -> dt.date | None:
        """A day that can be somebody's birthday."""
        born: dt.date | None = self.cleaned_data["birth_date"]
        if born is not None and not dt.date(1900, 1, 1) <= born <= clock.now().date():
            raise forms.ValidationError("Check the year: this day lies before 1900 or has not come yet.")
        return born


class RegisterForm(IdentityForm):
    """A clinic's new person; the id keeps a form sent twice from making two people."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    login_name = forms.CharField(
        label="Login name for an account",
        required=False,
        max_length=longest(User, "username"),
        help_text="Leave it empty when the person will not sign in. The first password is shown once.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_name(self) -> str:
        """A clinic needs a name to find somebody by."""
        name: str = self.cleaned_data["name"]
        if not name.strip():
            raise forms.ValidationError("Give the name the clinic knows the person by.")
        return name


class WelcomeForm(forms.Form):
    """The first page of somebody who manages themselves."""

    name = forms.CharField(
        label="What should we call you?",
        required=False,
        max_length=_LONGEST_NAME,
        help_text="You may leave this empty. It is kept encrypted.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(label="Time zone", help_text="Sessions and reminders follow the clock there.")
    keep_record = forms.BooleanField(
        label="I agree that this record is kept",
        error_messages={"required": "Without a record nothing can be planned or checked, so you cannot go on."},
    )
    light = forms.BooleanField(label="I agree to investigational light", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        assert isinstance(zone, forms.ChoiceField)
        # Nothing is chosen in advance: a wrong zone left standing would shift every session and reminder.
        zone.choices = [("", "Choose one"), *_zones()]
        zone.widget.attrs["data-own-time-zone"] = ""

    def agreed(self) -> list[forms.BoundField]:
        """What is agreed to; the rest of the page is behind one more tap."""
        return [self["keep_record"], self["light"]]


class CapabilityForm(forms.Form):
    """What one must be able to do alone."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, said_no: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in CAPABILITIES:
            self.fields[one.id] = forms.ChoiceField(
                label=one.question, choices=(("yes", "Yes"), ("no", "No")), widget=forms.RadioSelect
            )
        if said_no:
            self.fields[CHANGED_BECAUSE] = forms.CharField(
                label="What has changed since you said no?", required=False, max_length=200,
                help_text="A yes to everything counts a day after the no.",
            )  # fmt: skip

    def answers(self) -> dict[str, object]:
        """Each answer as true or false, and what has changed where that was said."""
        found: dict[str, object] = {one.id: self.cleaned_data[one.id] == "yes" for one in CAPABILITIES}
        because = self.cleaned_data.get(CHANGED_BECAUSE, "").strip()
        return found | ({CHANGED_BECAUSE: because} if because else {})


class HelperForm(forms.Form):
    """Whom to let in."""

    login_name = forms.CharField(
        label="Your helper’s login name",
        max_length=longest(User, "username"),
        help_text="Your helper makes an account first and tells you the name.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    agree = forms.BooleanField(label="I agree that this helper sees my record and writes in it")

    def clean_login_name(self) -> str:
        """The account must be there; the answer is the same as for one that cannot be a helper."""
        name: str = self.cleaned_data["login_name"].strip()
        self.user = User.objects.filter(username__iexact=name, is_active=True).first()
        if self.user is None or self.user.is_member:
            raise forms.ValidationError(f"“{name}” cannot be a helper here. Check how the login name is written.")
        return name


class ChangeForm(forms.Form):
    """Something beside the light that changed."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    kind = forms.ChoiceField(label="What is it about?")
    name = forms.CharField(
        label="Which one?",
        required=False,
        max_length=longest(Change, "name"),
        help_text="The medicine’s name, the kind of exercise, and so on.",
        widget=forms.TextInput(attrs={"list": "medicine-names", "autocomplete": "off"}),
    )
    action = forms.ChoiceField(label="What happened?")
    date = DayField("On which day?")
    dose = forms.CharField(
        label="How much?", required=False, max_length=longest(Change, "dose"), help_text="Such as 75 mg at night."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind, action = self.fields["kind"], self.fields["action"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(action, forms.ChoiceField)
        kind.choices = [
            ("", "Choose one"),
            # Light is written down as a session, where it counts against the caps; here nothing would count it.
            *((one.id, one.name.capitalize()) for one in timeline_kinds if one.id not in ("none", "light")),
        ]
        action.choices = [
            ("", "Choose one"),
            *((one.id, f"It was {one.word}") for one in timeline_actions if one.id != "continue"),
            ("continue", "It goes on as before"),
        ]
        if self._question():
            self.fields["keep_name"] = forms.BooleanField(label=KEEP_LABEL, required=False)

    def clean(self) -> CleanedData:
        """Ask once about a medicine that nobody knows."""
        given: CleanedData = super().clean() or {}
        if not given.pop("keep_name", False) and (question := self._question()):
            self.add_error("name", question)
        return given

    def _question(self) -> str:
        kind = timeline_kind(self.data.get("kind", ""))
        return question_about(self.data.get("name", "")) if kind is not None and kind.id in MEDICINE_KINDS else ""


class GoalForm(forms.Form):
    """One goal in the person's own words."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    number = forms.TypedChoiceField(
        label="Goal",
        coerce=int,
        choices=[(number, number) for number in goal_numbers()],
        widget=forms.HiddenInput,
    )
    text = forms.CharField(label="Goal", max_length=LONGEST_GOAL, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, number: int | None = None, **kwargs: Any) -> None:
        if number is not None:
            # Several of these forms stand on one page, where every id may be there once.
            kwargs = {"auto_id": f"id_goal_{number}_%s"} | kwargs
        super().__init__(*args, **kwargs)
        if number is not None:
            self.fields["text"].label = f"Goal {number}"
            # One of three that may stay empty: it is needed only for its own button.
            self.fields["text"].alone = True  # type: ignore[attr-defined]


class StageForm(forms.Form):
    """Whose a stage is, by when, and whether it is ticked off."""

    owner = forms.ModelChoiceField(label="Who sees to it", queryset=User.objects.none(), required=False)
    due = DayField("By when", required=False)
    done = forms.BooleanField(label="Tick it off", required=False)
    note = forms.CharField(
        label="Note", required=False, max_length=longest(Stage, "note"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = owners_of(person)
        owner.label_from_instance = lambda obj: _owner_name(obj, person)  # type: ignore[method-assign]
        owner.empty_label = "Nobody yet"


def owners_of(person: Person) -> Any:
    """Who can see to a stage: the person, their helpers, the clinicians of their clinic."""
    whose = Q(pk=person.user_id) | Q(helping__person=person, helping__ended_at=None)
    if person.clinic_id is not None:
        staff = Q(memberships__clinic=person.clinic_id, memberships__ended_at=None, memberships__role=Role.CLINICIAN)
        whose |= staff
    return User.objects.filter(whose).distinct().order_by("username")


def _owner_name(user: User, person: Person) -> str:
    return "The person" if user.pk == person.user_id else user.shown_name()


class AppointmentForm(forms.Form):
    """A time to agree on, on the clock of the clinic."""

    day = DayField("Day")
    time = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time", "list": "morning-slots", "step": "300"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(
        label="How long", initial=30, min_value=APPOINTMENT_MINUTES.least, max_value=APPOINTMENT_MINUTES.most
    )
    kind = forms.ChoiceField(label="Where", choices=Appointment.Kind.choices)
    note = forms.CharField(label="Note", required=False, max_length=longest(Appointment, "note"))
    overlap_is_meant = forms.BooleanField(
        label="Book it although it overlaps", required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, zone: zoneinfo.ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.fields["minutes"].unit = "minutes"  # type: ignore[attr-defined]

    def clean(self) -> CleanedData:
        """The moment meant; an hour that the change of clocks leaves out does not exist."""
        given: CleanedData = super().clean() or {}
        if given.get("day") and given.get("time"):
            local = dt.datetime.combine(given["day"], given["time"], self.zone)
            # Python says nothing of an hour that no clock shows: only the way to UTC and back gives it away.
            if local.astimezone(dt.UTC).astimezone(self.zone).replace(tzinfo=None) != local.replace(tzinfo=None):
                self.add_error("time", "The clocks change that night and leave this time out. Choose another.")
            given["starts_at"] = local
        return given

    def ask_about_overlap(self) -> None:
        """Show the tick that says the overlap is meant."""
        field = self.fields["overlap_is_meant"]
        field.widget = forms.CheckboxInput()
        field.widget.is_required = False


class PaperForm(forms.Form):
    """What somebody signed on paper, or took back, as a clinician writes it down."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    purpose = forms.CharField(widget=forms.HiddenInput, max_length=longest(Consent, "purpose"))
    signed_on = DayField(label="Day on the sheet, or on which it was said")
    witness = forms.CharField(
        label="Who saw them sign, or heard them say it",
        max_length=longest(Consent, "witness"),
        help_text="The name of the member of staff.",
    )
    version = forms.CharField(
        label="Version printed on the sheet",
        max_length=longest(Consent, "version"),
        required=False,
        help_text="It stands at the foot of the text. Only today’s text can be agreed to.",
    )
    scan = forms.FileField(
        label="The signed sheet",
        required=False,
        help_text="PDF, JPEG or PNG, at most 1.9 MB. It is kept sealed. A withdrawal can do without one.",
    )

    def paper(self) -> Paper:
        """The sheet."""
        said = self.cleaned_data
        sent = said["scan"]
        return Paper(
            signed_on=said["signed_on"],
            witness=said["witness"],
            version=said["version"].strip(),
            scan=b"" if sent is None else sent.read(LARGEST_SCAN + 1),
        )
