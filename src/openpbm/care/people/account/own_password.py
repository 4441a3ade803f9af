"""The password given again by whoever is signed in: a few wrong ones, then none is looked at for a while."""

from __future__ import annotations

from django.core.cache import cache
from django.forms import ValidationError

from openpbm.care.accounts.models import User
from openpbm.care.people.account.sign_ins import record_account_event

__all__ = ["check_own_password"]

# Beside allauth's limits, which count at the door of its own pages, right and wrong alike, and end in a bare 429: a
# signature is on our pages, where a right password must take nothing away (decision 0016).
# Generous to a tired hand, hopeless for a list of common passwords: at most 480 tries a day.
_MOST_WRONG, _WITHIN_S = 5, 15 * 60


def check_own_password(user: User, password: str, *, wrong: str, in_vain: str) -> None:
    """ValidationError unless it is theirs. Wrong ones are counted together, whatever they were given for.

    wrong : the action that the audit holds for a wrong one
    in_vain : what did not happen
    """
    place = _free_place(user)
    if place is None:
        raise ValidationError(
            f"{in_vain.capitalize()}: {_MOST_WRONG} wrong passwords within {_WITHIN_S // 60} minutes."
            f" Wait {_WITHIN_S // 60} minutes, then try again."
        )
    if not user.check_password(password):
        record_account_event(wrong, user, by=user)
        raise ValidationError(f"This is not your password; {in_vain}.")
    cache.delete(place)


def _free_place(user: User) -> str | None:
    """One of the places for wrong passwords, taken before looking: many tries at once take no more than there are."""
    places = (f"own_password:{user.pk}:{number}" for number in range(_MOST_WRONG))
    return next((place for place in places if cache.add(place, True, _WITHIN_S)), None)
