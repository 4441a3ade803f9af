"""What is chosen on the path beside the answers: it is kept sealed with them until the course is planned."""

from __future__ import annotations

import uuid

from django.http import HttpRequest

from openpbm.care.accounts.models import User
from openpbm.care.devices.actions import add_lamp
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.selectors import passport_of
from openpbm.care.home.first_path.forms import KNOWN_LAMPS, LampForm, offered_sites
from openpbm.care.people.intake_draft import Draft
from openpbm.care.people.models import Person
from openpbm.care.people.needed_codes import Chosen
from openpbm.care.people.questions import complaint_of
from openpbm.care.screening.lamp_forms import lamps_of
from openpbm.device.led_array import lights_body
from openpbm.facts.lamps import lamp_catalogue
from openpbm.files import JsonObject

__all__ = ["PathChoice"]


class PathChoice:
    """Answers, places and lamp of somebody on the path, as they are kept so far."""

    def __init__(self, user: User, person: Person) -> None:
        self.user, self.person = user, person
        self.draft = Draft(user, person)
        self.document = self.draft.document()
        self._aside = self.draft.aside()

    @property
    def places(self) -> list[JsonObject]:
        """The places that were chosen and are offered for the complaint: another complaint has other places."""
        condition = complaint_of(self.document)
        offered = set() if condition is None else {site.id for site in offered_sites(condition)}
        return [row for row in self._aside.get("places", ()) if row["site"] in offered]

    def keep(self, document: JsonObject, **aside: object) -> None:
        """Keep the answers, and what is chosen beside them."""
        self.document, self._aside = document, self._aside | aside
        self.draft.keep(document, self._aside)

    def lamp(self) -> Lamp | None:
        """The lamp that was chosen, while it is in use."""
        chosen = self._aside.get("lamp")
        return None if chosen is None else lamps_of(self.user, self.person).filter(pk=chosen).first()

    def chosen(self) -> Chosen:
        """Where the light goes and from what kind of lamp, for the rules that only speak of some."""
        places, lamp = frozenset(row["site"] for row in self.places), self.lamp()
        if lamp is None:
            return Chosen(sites=places or None)
        core = lamp_of(passport_of(lamp).document)
        kinds = frozenset({core.kind, "whole_body"} if lights_body(core) else {core.kind})
        return Chosen(sites=places or None, lamp_kinds=kinds)

    def lamp_form(self, request: HttpRequest) -> LampForm:
        """The lamps to choose from, the one chosen before already tapped."""
        lamps = list(lamps_of(self.user, self.person))
        before = self.lamp() or (lamps[-1] if len(lamps) == 1 else None)
        initial = {"lamp": "" if before is None else str(before.pk)}
        return LampForm(request.POST if request.method == "POST" else None, lamps=lamps, initial=initial)

    def take_lamp(self, value: str) -> None:
        """Keep the lamp that was tapped; one of the catalogue becomes the person's own first."""
        if value not in KNOWN_LAMPS:
            self.keep(self.document, lamp=value)
            return
        # Under one id, so that tapping it twice adds it once; a lamp put away gives its id to no other.
        id = uuid.uuid5(self.person.pk, value)
        if Lamp.objects.filter(pk=id).exclude(retired_at=None).exists():
            id = uuid.uuid4()
        passport = {"document": {"id": value}, "eye_class": "", "clearance": "", "indication": "", "wearable": False}
        name = lamp_catalogue[value].name
        lamp = add_lamp(by=self.user, owner=self.user, name=name, passport=passport, id=id)
        self.keep(self.document, lamp=str(lamp.pk))
