"""The drawn body on the pages where places are chosen, with those that a plan of the person lights already."""

from __future__ import annotations

from django.utils.safestring import mark_safe

from openpbm.care.people.models import Person
from openpbm.care.screening.forms import SessionForms
from openpbm.facts.sites import sites
from openpbm.files import JsonObject
from openpbm.report.body_choice import render_body_choice

__all__ = ["session_context"]

_SIDES = {"left": ", left", "right": ", right", "both": ", both sides"}


def session_context(person: Person, asked: SessionForms) -> dict[str, object]:
    """What `screening/lamps.html` and `screening/places.html` show."""
    planned = _planned_places(person)
    return {
        "form": asked.form,
        "lamps": asked.lamps,
        "places": asked.places,
        # Every text in it was escaped as it was filled in.
        "body": mark_safe(render_body_choice(planned)),
        "planned": [f"{sites[place['site']].plain_name}{_SIDES[place['side']]}" for place in planned],
    }


def _planned_places(person: Person) -> list[JsonObject]:
    """The places of the newest plan that is allowed, as its case has them."""
    row = person.screenings.filter(plans__outline__gt="").order_by("-audit_number").first()
    return [] if row is None else [place for place in row.case["sites"] if place["site"] in sites.ids]
