"""The chain of the audit, and who read whose record."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from openpbm.care.audit.fields import DocumentField

__all__ = ["AuditEntry", "ChainHead", "ReadEntry"]


class ChainHead(models.Model):
    """The last link of the audit chain; its one row is the lock under which the next link is made."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)


class AuditEntry(models.Model):
    """One link: who did what to which row, chained to the link before by its digest."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=64)
    # Ids alone: clinics and people are layers above, and a link of the chain outlives what it names.
    clinic_id = models.BigIntegerField(null=True, db_index=True)
    person_id = models.UUIDField(null=True, db_index=True)
    table = models.CharField(max_length=64, blank=True)
    row_id = models.CharField(max_length=64, blank=True)
    row_digest = models.CharField(max_length=64, blank=True)
    detail = DocumentField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("number",)


class ReadEntry(models.Model):
    """Somebody looked at a person's record. Written at once; the worker seals the new ones into the chain.

    actor : None for a calendar that follows its secret address, where nobody signs in
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(db_index=True)
    route = models.CharField(max_length=96)
    sealed_in = models.BigIntegerField(null=True, db_index=True)
