"""Whom somebody without a clinic asked before light goes on: a name, a profession, and how to reach them."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from openpbm.care.people.models import Person
from openpbm.case import names_somebody_else
from openpbm.errors import Problem
from openpbm.files import unsupported_values

__all__ = ["LONGEST_CONTACT", "agreement_problems"]

LONGEST_CONTACT = 200
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15


def agreement_problems(person: Person, agreed_by: str, contact: str) -> list[Problem]:
    """What is wrong with who agreed and how they are reached: kept and shown, they must be somebody else's."""
    problems = unsupported_values(agreed_by, "agreed_by") + unsupported_values(contact, "contact")
    if not agreed_by:
        problems.append(
            Problem(key="agreed_by", message="empty", remedy="ask a health professional first, and say who agreed")
        )
    elif not _is_somebody_else(person, agreed_by):
        problems.append(
            Problem("agreed_by", agreed_by, "names no other person", "give the name and profession of whom you asked")
        )
    remedy = "give the telephone number or e-mail address at which they work, so that they can be asked"
    if not contact:
        problems.append(Problem(key="contact", message="empty", remedy=remedy))
    elif len(contact) > LONGEST_CONTACT:
        message = f"{len(contact)} characters, at most {LONGEST_CONTACT}"
        problems.append(Problem(key="contact", message=message, remedy="shorten it"))
    elif not (_is_telephone(contact) or _is_address(contact)):
        problems.append(Problem("contact", contact, "is no telephone number and no e-mail address", remedy))
    elif _is_their_own(person, contact):
        problems.append(Problem("contact", contact, "is your own", remedy))
    return problems


def _is_somebody_else(person: Person, named: str) -> bool:
    words = set(re.findall(r"[^\W\d_]+", named.casefold()))
    own = person.identity.name or (person.user.shown_name() if person.user else "")
    theirs = set(re.findall(r"[^\W\d_]+", own.casefold()))
    # A name and a profession: two words at least, and not the person's own name alone.
    return names_somebody_else(named) and len(words) > 1 and not words <= theirs | {"dr", "doctor", "prof"}


def _is_telephone(contact: str) -> bool:
    digits = re.sub(r"\D", "", contact)
    # A number may stand beside the name of a practice; 000000 is none.
    return _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and len(set(digits)) > 2


def _is_address(contact: str) -> bool:
    for word in contact.replace(",", " ").split():
        try:
            validate_email(word)
        except ValidationError:
            continue
        return True
    return False


def _is_their_own(person: Person, contact: str) -> bool:
    identity = person.identity
    own = re.sub(r"\D", "", identity.phone)
    same_number = bool(own) and re.sub(r"\D", "", contact).endswith(own[-8:])
    return same_number or (bool(identity.email) and identity.email.casefold() in contact.casefold())
