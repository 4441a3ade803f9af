"""What stands around every page: the links of one's role, the notice, whether reminders run."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from openpbm import __version__
from openpbm.care.jobs.pulse import worker_is_silent
from openpbm.care.trust.models import Role, User
from openpbm.facts.notice import NOTICE

__all__ = ["page_frame"]

_PATIENT = (
    ("Today", "home:today", "today"),
    ("Course", "checkpoints:my_course", "course"),
    ("Progress", "checkpoints:progress", "progress"),
    ("Lamp", "sessions:my_lamp", "lamp"),
    ("Effects", "events:report", "effect"),
)
_CLINICIAN = (
    ("People", "home:worklist", "people"),
    ("Lamps", "devices:list", "lamp"),
    ("Appointments", "people:appointments", "calendar"),
)
_AUDITOR = (("Audit", "trust:audit", "audit"),)
_ADMIN = (("Staff", "trust:staff", "people"),)
_EVERYBODY = (("Learn", "learn:index", "learn"),)


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "navigation": _navigation(request, user if signed_in else None),
        "notice": NOTICE,
        "version": __version__,
        "worker_silent": signed_in and worker_is_silent(),
    }


def _navigation(request: HttpRequest, user: User | None) -> list[dict[str, Any]]:
    person = getattr(request, "person", None)
    mine = person is not None and user is not None and person.user_id == user.pk
    own = person if mine else getattr(user, "person", None) if user else None
    links: list[tuple[str, str, str, dict[str, Any]]] = []
    if user is not None:
        roles = {row.role for row in user.member_of()}
        for role, names in ((Role.CLINICIAN, _CLINICIAN), (Role.AUDITOR, _AUDITOR), (Role.ADMIN, _ADMIN)):
            if role in roles:
                links += [(label, name, icon, {}) for label, name, icon in names]
        followed = own or (person if getattr(request, "relation", "") == "helper" else None)
        if followed is not None:
            links += [(label, name, icon, {"person_id": followed.pk}) for label, name, icon in _PATIENT]
    links += [(label, name, icon, {}) for label, name, icon in _EVERYBODY]
    return [entry for link in links if (entry := _entry(request, *link)) is not None]


def _entry(request: HttpRequest, label: str, name: str, icon: str, kwargs: dict[str, Any]) -> dict[str, Any] | None:
    try:
        href = reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return None
    return {"label": label, "href": href, "icon": icon, "current": request.path == href}
