"""Accounts, clinics, roles."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from openpbm.care import clock
from openpbm.care.audit.constraints import one_of
from openpbm.care.audit.ledger import Watched
from openpbm.care.prepared import Prepared

__all__ = ["Clinic", "Counter", "Membership", "Role", "ShownCode", "User"]


class Role(models.TextChoices):
    """What a member of a clinic may do. Patients and helpers are not members: their person row names them."""

    CLINICIAN = "clinician", "Clinician"
    # A role of its own, not a mark beside the other: whoever asks for CLINICIAN, today or in code not yet written,
    # lets nobody through whom no clinician has confirmed.
    UNCONFIRMED = "unconfirmed", "Clinician, not confirmed yet"
    AUDITOR = "auditor", "Auditor"
    ADMIN = "admin", "Administrator"


class User(Watched, AbstractUser):
    """An account: a login name and a password. What identifies a patient is sealed in their person row, not here."""

    unwatched = ("last_login",)

    display_name = models.CharField(max_length=120, blank=True, help_text="How staff are shown; empty for patients.")
    must_change_password = models.BooleanField(
        default=False, help_text="Somebody else made the password and has seen it: it opens nothing but changing it."
    )
    # Of staff and helpers, and of a person until their record is begun; then it stands in the record, with their key.
    sealed_address = models.BinaryField(default=bytes)
    confirmed_address = models.CharField(
        max_length=64, blank=True, help_text="Digest of the address that was shown to be theirs; another one is not."
    )

    def role_in(self, clinic_id: int | None) -> str | None:
        """The role in that clinic, None without one."""
        if clinic_id is None:
            return None
        return next((row.role for row in self.member_of() if row.clinic_id == clinic_id), None)

    def member_of(self) -> list[Membership]:
        """Memberships that hold today, read once a request."""
        # Middleware, navigation and the page itself all ask; a change of role shows from the next request on.
        if not hasattr(self, "_memberships"):
            self._memberships = _MEMBERSHIPS.rows(user=self)
        return self._memberships

    @property
    def is_member(self) -> bool:
        """Whether the account belongs to a clinic's staff."""
        return bool(self.member_of())

    def shown_name(self) -> str:
        """The name colleagues see."""
        return self.display_name or self.username


class ShownCode(models.Model):
    """A one-time code that was shown: none opens anything twice, however long it is still accepted."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    step = models.BigIntegerField(help_text="Half minutes since 1970, by which the code was made.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "step"], name="code_once"),)


class Counter(models.Model):
    """How often something was tried, until it is forgotten (`accounts.counters`)."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)


class Clinic(Watched):
    """A clinic: the border that patients' records do not cross."""

    name = models.CharField(max_length=120, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return self.name


class Membership(Watched):
    """One account's role in one clinic; ended, never deleted."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of a clinician. Without a name beside the moment it was whoever runs the machine.
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody else's reset of the account ended what was confirmed."
    )

    class Meta:
        constraints = (
            # Only of those that hold: who left may come back, and the row of the earlier time stays.
            models.UniqueConstraint(
                fields=["user", "clinic"], condition=models.Q(ended_at=None), name="one_role_in_a_clinic"
            ),
            one_of("role", Role, name="member_role"),
        )


_MEMBERSHIPS = Prepared(
    lambda user: Membership.objects.filter(user=user, ended_at=None).select_related("clinic").order_by("pk")
)
