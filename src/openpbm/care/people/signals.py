"""What `people` tells to those above it, who may write rows of their own in the same transaction."""

from __future__ import annotations

from django.dispatch import Signal

__all__ = ["answers_given", "consent_withdrawn", "erasure_went_on", "person_erased"]

#: Sent inside the transaction that records a withdrawal. Arguments: person, consent (the row), by (the user).
consent_withdrawn = Signal()
#: Sent before new answers are kept; whoever finds that they cannot be kept so raises BadInput. Arguments: person,
#: document (the answers), reason (as written), by (the user).
answers_given = Signal()
#: Sent inside the transaction of a step towards erasing somebody. Arguments: person, row (the step).
erasure_went_on = Signal()
#: Sent inside the transaction in which a person's key is forgotten: what else names them must go. Argument: person.
person_erased = Signal()
