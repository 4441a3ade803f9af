"""A forgotten password: a link is asked for by login name, and another password is chosen by it.

The link replaces the password and nothing else: no second factor, no sign-in, no role that waits.
"""

from __future__ import annotations

import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from openpbm.care import clock
from openpbm.care.accounts.first_password import first_password_suffices
from openpbm.care.accounts.mail_address import PasswordLink
from openpbm.care.accounts.models import User
from openpbm.care.audit.constraints import longest
from openpbm.care.jobs.account_mail import ask_password_link
from openpbm.care.jobs.actions import remind
from openpbm.care.people.account.sign_ins import record_account_event

__all__ = ["choose_password", "forgotten_password"]


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    login_name = forms.CharField(
        label="Login name",
        max_length=longest(User, "username"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


@login_not_required
@first_password_suffices
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for the link; the answer is the same whether there is such an account or not."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "home/forgotten_password.html", {"form": form}, status=422 if form.is_bound else 200)
    name = form.cleaned_data["login_name"]
    refused: HttpResponse | None = ratelimit.consume_or_429(request, action="reset_password", key=name.strip().lower())
    if refused is not None:
        return refused
    ask_password_link(name, request)
    return render(request, "home/password_link_sent.html")


class ChoosePasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """Another password, held to the same rules as everywhere."""

    def save(self, commit: bool = True) -> User:
        """Keep it as one that its owner chose; every sign-in that holds ends with the one before."""
        get_adapter().set_password(self.user, self.cleaned_data["new_password1"])
        user: User = self.user
        return user


class ChoosePassword(PasswordResetConfirmView):
    """Where the link in the letter leads. Django takes the token out of the address before anything is shown."""

    form_class = ChoosePasswordForm
    token_generator = PasswordLink()
    template_name = "home/choose_password.html"
    success_url = reverse_lazy("account_login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, write it down, and tell the owner on every way there is."""
        with transaction.atomic():
            answer = super().form_valid(form)
            record_account_event("password_replaced_by_link", form.user, by=form.user)
            remind(
                user=form.user, person_id=None, kind="account", key=f"account:{uuid.uuid4().hex}",
                text="Your password was replaced by the link that was sent to your e-mail address.",
                due_at=clock.now(),
            )  # fmt: skip
        messages.success(self.request, "Your password is changed. Sign in with it.")
        return answer


choose_password = first_password_suffices(ChoosePassword.as_view())
