"""The demo's two clinics and who works there."""

from __future__ import annotations

from dataclasses import dataclass

from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.audit import ledger
from openpbm.care.home.demo.accounts import Accounts

__all__ = ["CLINIC", "OTHER_CLINIC", "Staff", "make_staff"]

CLINIC, OTHER_CLINIC = "Demo Clinic", "Other Demo Clinic"
_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The clinics, their clinicians, and the administrator of the first."""

    clinic: Clinic
    other_clinic: Clinic
    clinician: User
    other_clinician: User
    admin: User


def make_staff(accounts: Accounts) -> Staff:
    """Both clinics with a clinician each; the first also has an auditor and an administrator."""
    clinic, other = _clinic(CLINIC), _clinic(OTHER_CLINIC)
    clinician = _member(accounts, clinic, Role.CLINICIAN, "demo.clinician", "Dr. Demo Doctor")
    _member(accounts, clinic, Role.AUDITOR, "demo.auditor", "Demo Auditor")
    admin = _member(accounts, clinic, Role.ADMIN, "demo.admin", "Demo Administrator")
    elsewhere = _member(accounts, other, Role.CLINICIAN, "demo.other", "Dr. Demo Elsewhere", said="other_clinician")
    return Staff(clinic=clinic, other_clinic=other, clinician=clinician, other_clinician=elsewhere, admin=admin)


def _clinic(name: str) -> Clinic:
    row, new = Clinic.objects.get_or_create(name=name, defaults={"time_zone": _ZONE})
    if new:
        ledger.record_event("clinic_opened", by=None, clinic_id=row.pk, row=row, detail={"name": name})
    return row


def _member(accounts: Accounts, clinic: Clinic, role: Role, username: str, name: str, said: str = "") -> User:
    user = accounts.account(said or str(role), username, name, staff=True)
    row, new = Membership.objects.get_or_create(user=user, clinic=clinic, ended_at=None, defaults={"role": role})
    if new:
        ledger.record_event("member_added", by=None, clinic_id=clinic.pk, row=row, detail={"role": str(role)})
    return user
