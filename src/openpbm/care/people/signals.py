"""What `people` tells to those above it, who may write rows of their own in the same transaction."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["consent_withdrawn"]

#: Sent inside the transaction that records a withdrawal. Arguments: person, consent (the row), by (the user).
consent_withdrawn = Signal()
