"""What stands around every page: the links of one's role, the notice, whether reminders run."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch

from openpbm.care import clock
from openpbm.care.accounts.models import Role, User
from openpbm.care.addresses import address
from openpbm.care.home.staff_frame import person_frame
from openpbm.care.jobs.heartbeat import worker_is_silent
from openpbm.care.jobs.selectors import count_open_reminders
from openpbm.care.people.models import Person
from openpbm.facts.notice import NOTICE
from openpbm.version import __version__

__all__ = ["page_frame"]

#: Label, route, icon and the route's parameters.
_Link = tuple[str, str, str, dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """One link as a page shows it. current : "page" if it leads to this very page, "true" if this page belongs to it"""

    label: str
    href: str
    icon: str
    current: str


_PATIENT = (
    ("Today", "home:today", "today"),
    ("Course", "checkpoints:my_course", "course"),
    ("Progress", "checkpoints:progress", "progress"),
    ("Lamp", "sessions:my_lamp", "lamp"),
    ("Side effects", "events:report", "effect"),
)
_CLINICIAN = (
    ("People", "home:worklist", "people"),
    ("Lamps", "devices:list", "lamp"),
    ("Appointments", "people:appointments", "calendar"),
)
_AUDITOR = (("Audit", "home:audit", "audit"),)
_ADMIN = (
    ("Staff", "accounts:staff", "people"),
    ("Lamps", "devices:list", "lamp"),
    ("Lamps I keep", "n_of_1:kept", "lamp"),
    ("Erasures", "people:erasures", "user"),
)
_EVERYBODY = (("Learn", "learn:index", "learn"),)
#: The places in the bar to which the other pages of an app belong.
_PLACES = {"events": ("events:report",), "learn": ("learn:index",), "devices": ("devices:list", "sessions:my_lamp")}


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Context of base.html."""
    visitor = getattr(request, "user", None)
    user: User | None = visitor if visitor is not None and visitor.is_authenticated else None
    return {
        "navigation": _navigation(request, user),
        "menu": [] if user is None else _menu(request, user),
        # Counted where a page shows it, once: a part of a page that is fetched alone has no menu.
        "open_reminders": functools.cache(lambda: _count_reminders(user)),
        "menu_name": _name(request, user),
        "telephone": {"emergency": _number("OPENPBM_EMERGENCY_NUMBER"), "clinic": _number("OPENPBM_CLINIC_NUMBER")},
        "notice": NOTICE,
        "version": __version__,
        "about_person": None if user is None else person_frame(request),
        "worker_silent": user is not None and worker_is_silent(),
    }


def _count_reminders(user: User | None) -> int:
    return 0 if user is None else count_open_reminders(user, clock.now())


def _navigation(request: HttpRequest, user: User | None) -> list[NavigationEntry]:
    links: dict[str, _Link] = {}
    if user is not None:
        roles = {row.role for row in user.member_of()}
        for role, entries in ((Role.CLINICIAN, _CLINICIAN), (Role.AUDITOR, _AUDITOR), (Role.ADMIN, _ADMIN)):
            # Somebody with two roles has each place once.
            if role in roles:
                links |= {name: (label, name, icon, {}) for label, name, icon in entries}
        followed = _followed(request, user)
        if followed is not None:
            links |= {name: (label, name, icon, {"person_id": followed.pk}) for label, name, icon in _PATIENT}
    links |= {name: (label, name, icon, {}) for label, name, icon in _EVERYBODY}
    return _entries(request, links.values())


def _name(request: HttpRequest, user: User | None) -> str:
    """The person's own name on the pages of their record and of nobody's, else the account's."""
    if user is None:
        return ""
    person: Person | None = getattr(request, "person", None)
    if person is None and "person_id" not in getattr(request.resolver_match, "kwargs", {}):
        person = getattr(user, "person", None)
    # The page that says that a key was forgotten has no name to show.
    if person is not None and person.user_id == user.pk and person.key.wrapped is not None:
        return person.shown_name()
    return user.shown_name()


def _number(name: str) -> str:
    """A telephone number that whoever runs the site gave; a wrong one in an emergency is worse than none."""
    number = os.environ.get(name, "").strip()
    return number * bool(re.fullmatch(r"\+?[0-9][0-9 ]{1,18}", number))


def _menu(request: HttpRequest, user: User) -> list[NavigationEntry]:
    """What stands in the menu at the top: the bar of a telephone has no room for more places."""
    followed = _followed(request, user)
    links: list[_Link] = []
    if followed is not None:
        own = followed.user_id == user.pk
        links.append(("My record" if own else "The record", "home:my_record", "user", {"person_id": followed.pk}))
        if own and followed.self_managed:
            links.append(("My lamps", "devices:list", "lamp", {}))
    if user.is_member:
        links.append(("Colleagues", "people:colleagues", "people", {}))
    return _entries(request, links)


def _followed(request: HttpRequest, user: User) -> Person | None:
    """Whose record the links lead to: one's own, or that of whom one helps on this page."""
    person: Person | None = getattr(request, "person", None)
    if person is not None and person.user_id == user.pk:
        return person
    # A helper who is a patient too keeps their own bar, also on the pages of whom they help.
    own: Person | None = getattr(user, "person", None)
    return own or (person if getattr(request, "relation", "") == "helper" else None)


def _entries(request: HttpRequest, links: Iterable[_Link]) -> list[NavigationEntry]:
    return [entry for link in links if (entry := _entry(request, *link)) is not None]


def _entry(request: HttpRequest, label: str, name: str, icon: str, kwargs: dict[str, object]) -> NavigationEntry | None:
    try:
        href = address(name, **kwargs)
    except NoReverseMatch:
        return None
    return NavigationEntry(label=label, href=href, icon=icon, current=_current(request, name, href))


def _current(request: HttpRequest, name: str, href: str) -> str:
    if request.path == href:
        return "page"
    namespace = getattr(request.resolver_match, "namespace", "")
    return "true" if name in _PLACES.get(namespace, ()) else ""
