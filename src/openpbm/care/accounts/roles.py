"""Pages of a clinic that belong to one role."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase

from openpbm.care.accounts.models import Clinic, User
from openpbm.care.accounts.request import SignedInRequest

__all__ = ["clinic_with_role", "for_role"]


def clinic_with_role(user: User, role: str) -> Clinic:
    """The clinic in which the user has the role; PermissionDenied without one."""
    for row in user.member_of():
        if row.role == role:
            return row.clinic
    raise PermissionDenied("This page is not yours to see.")


def for_role(role: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A page for members with that role; the view is given their clinic after the request."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @functools.wraps(view)
        def guarded(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, clinic_with_role(request.user, role), *args, **kwargs)

        return guarded

    return decorate
