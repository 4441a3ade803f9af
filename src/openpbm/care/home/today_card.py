"""One thing to do on a person's day, with the button that does it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openpbm.care.people.models import Person

__all__ = ["Card", "page_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing to do and the one button that does it. `leads`: the first among them, drawn large.

    question : answered from 0 to 10 by one tap, "" without one;  again : the label of "as yesterday", "" without one
    """

    kind: str
    title: str
    text: str
    label: str
    href: str
    icon: str
    leads: bool = False
    question: str = ""
    again: bool = False

    @property
    def steps(self) -> range:
        """The numbers to tap."""
        return range(11)


def page_at(name: str, person: Person, **more: object) -> str:
    """Address of one of the person's own pages."""
    return reverse(name, kwargs={"person_id": person.pk} | more)
