"""What `people` tells to those above it, who may write rows of their own in the same transaction."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["answers_given", "consent_withdrawn"]

#: Sent inside the transaction that records a withdrawal. Arguments: person, consent (the row), by (the user).
consent_withdrawn = Signal()
#: Sent before new answers are kept; whoever finds that they cannot be kept so raises BadInput. Arguments: person,
#: document (the answers), reason (as written), by (the user).
answers_given = Signal()
