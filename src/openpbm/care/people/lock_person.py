"""One writer at a time on a person's record."""

from __future__ import annotations

import uuid

from openpbm.care.people.models import Person

__all__ = ["lock_person"]


def lock_person(person_id: uuid.UUID) -> Person:
    """The person's row, locked until the transaction ends: of two at once the second sees what the first wrote.

    Taken before anything is written: whoever takes it after the audit chain waits for somebody who waits for them.
    `no_key`: rows that name the person as their owner are written meanwhile, and wait for the audit chain, not for us.
    """
    return Person.objects.select_for_update(no_key=True).get(pk=person_id)
