"""What is kept of a person for lists, so that a list of a thousand reads a thousand small rows."""

from __future__ import annotations

from django.db import models

from openpbm.care.audit.models import DocumentField
from openpbm.care.people.models import Person

__all__ = ["PersonFacts"]


class PersonFacts(models.Model):
    """The day-free facts of one person (`home.clinic_facts`), as of one link of the audit.

    number : the links up to this one are in it; a later one about this person, and the row is out of date
    made_by : the version, and the facts it reads, that computed it; another one computes it again
    """

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="facts", primary_key=True)
    number = models.BigIntegerField()
    made_by = models.CharField(max_length=100)
    content = DocumentField()
