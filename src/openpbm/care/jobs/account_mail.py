"""Letters about an account: a link for a forgotten password, a link that confirms an address, word of a reset.

They go out with the reminders, from the worker: so the page that was asked answers as soon, and in the same words, for
an account that is there and for one that is not. The link is made as the letter leaves and is kept nowhere.
"""

from __future__ import annotations

import uuid
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from openpbm.care import clock
from openpbm.care.accounts.mail_address import AddressLink, PasswordLink, is_confirmed
from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import DAILY, Reminder
from openpbm.care.people.access import address_of
from openpbm.care.people.account.sign_ins import record_account_event

__all__ = ["ask_address_link", "ask_password_link", "letter_of", "watch_sign_ups"]

PASSWORD_LINK, ADDRESS_LINK = "password_link", "address_link"

# E-mail is read by others: it says that there is something, never what.
_ANYTHING = "You have something to look at in OpenPBM. Sign in to see what it is."
_LETTERS = {
    PASSWORD_LINK: (
        "Somebody asked for a new password for your account in OpenPBM. If it was you, choose one within an hour at\n\n"
        "{link}\n\nThe link works once. If it was not you, do nothing: your password stays as it is."
    ),
    ADDRESS_LINK: (
        "This address was given for an account in OpenPBM. If it was you, sign in and confirm it at\n\n{link}\n\n"
        "If it was not you, do nothing: no password can be changed from here, and you can forget this letter."
    ),
    "account": (
        "The password of your account in OpenPBM, or its second step, was replaced. If you did not ask for that, tell"
        " your clinic, or whoever runs the site, at once. Signed in, you see more about it."
    ),
}


def ask_password_link(login_name: str, request: HttpRequest) -> None:
    """Have a link sent to the owner of the account, if there is such an account and an address that was confirmed."""
    user = User.objects.filter(username__iexact=login_name.strip(), is_active=True).first()
    if user is None or not _may_be_sent(user):
        # As long as writing down a letter takes: how soon it answers tells nothing.
        cache.set(f"no_letter:{uuid.uuid4().hex}", True, 60)
        return
    record_account_event("password_link_asked", user, by=None)
    _remind(user, PASSWORD_LINK, "A link to choose a new password is sent to your e-mail address.", request)


def _may_be_sent(user: User) -> bool:
    # Of staff the second factor still stands behind the link; without one a mailbox would be all it takes.
    return is_confirmed(user, address_of(user)) and (not user.is_member or is_mfa_enabled(user))


def ask_address_link(user: User, request: HttpRequest) -> None:
    """Have a link sent to the address the account has now, by which it is confirmed."""
    if address_of(user):
        _remind(user, ADDRESS_LINK, "A link to confirm your e-mail address is sent to it.", request)


def _remind(user: User, kind: str, text: str, request: HttpRequest) -> None:
    # The link holds the name by which the site was reached, which only the request knows.
    link = request.build_absolute_uri(reverse("home:account"))
    remind(
        user=user, person_id=None, kind=kind, key=f"{kind}:{uuid.uuid4().hex}", text=text, link=link,
        due_at=clock.now(),
    )  # fmt: skip


def letter_of(reminder: Reminder, address: str) -> str:
    """What the letter about a reminder says; "" where none may be sent to that address."""
    if reminder.kind in DAILY:
        return ""
    if reminder.kind == PASSWORD_LINK and not is_confirmed(reminder.user, address):
        # It was changed after the link was asked for.
        return ""
    text = _LETTERS.get(reminder.kind, _ANYTHING)
    if "{link}" not in text:
        return text
    site = reminder.link.removesuffix(reverse("home:account"))
    return text.format(link=site + _path(reminder.user, reminder.kind, address))


def _path(user: User, kind: str, address: str) -> str:
    if kind == ADDRESS_LINK:
        return reverse("home:confirm_address", kwargs={"token": AddressLink.make_token(user, address)})
    account = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("home:choose_password", kwargs={"uidb64": account, "token": PasswordLink().make_token(user)})


def watch_sign_ups() -> None:
    """Have the address confirmed that somebody leaves as they sign up."""
    from allauth.account.signals import user_signed_up

    user_signed_up.connect(_signed_up, dispatch_uid="jobs.account_mail")


def _signed_up(sender: Any, *, request: HttpRequest, user: User, **_: Any) -> None:
    ask_address_link(user, request)
