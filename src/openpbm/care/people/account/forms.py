"""allauth's forms as every other page speaks: of a login name, and of every wrong password to the audit."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from openpbm.care.accounts.mail_address import keep_account_address
from openpbm.care.accounts.models import User
from openpbm.care.form_page import CleanedData
from openpbm.care.people.account.own_password import check_own_password

__all__ = ["ChangePasswordForm", "LoginForm", "SignupForm"]

_LABEL = "Login name"
_SAID = {
    "username_password_mismatch": "The login name or the password is not correct.",
    "username_taken": "This login name is taken. Choose another.",
}
_PASSWORDS = {
    "oldpassword": "Current password",
    "password1": "New password",
    "password2": "New password (again)",
}


def _leave_boxes_empty(form: forms.BaseForm) -> None:
    """allauth says each label once more inside its box, where it looks like something already typed."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


def _in_our_words(error: ValidationError) -> ValidationError:
    said = _SAID.get(getattr(error, "code", ""))
    return error if said is None else ValidationError(said, code=error.code)


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _LABEL
        _leave_boxes_empty(self)

    def clean(self) -> CleanedData:
        """The account, or that name and password do not fit."""
        try:
            cleaned: CleanedData = super().clean()
        except ValidationError as error:
            raise _in_our_words(error) from error
        return cleaned


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc]
    """Making an account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _LABEL
        self.fields["username"].help_text = "Not your name: it is not encrypted."
        self.fields["password1"].help_text = "At least 12 characters, nothing common."
        # Not by the name `email`: allauth would keep that one open to read, in two tables.
        self.fields["mail_address"] = forms.EmailField(
            label="E-mail (may stay empty)",
            required=False,
            help_text="For reminders and lost passwords.",
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        )
        _leave_boxes_empty(self)

    def clean(self) -> CleanedData:
        """That two passwords differ is said also where the first cannot be taken."""
        cleaned: CleanedData = super().clean()
        first, second = (self.data.get(name, "") for name in ("password1", "password2"))
        if first and second and first != second and "password2" not in self.errors:
            self.add_error("password2", "The two passwords differ. Type the same one twice.")
        return cleaned

    def save(self, request: HttpRequest) -> User:
        """Make the account, and leave the address with it until the record is begun."""
        user: User = super().save(request)
        if self.cleaned_data["mail_address"]:
            keep_account_address(user, self.cleaned_data["mail_address"])
        return user

    def clean_username(self) -> str:
        """A login name that nobody has."""
        try:
            name: str = super().clean_username()
        except ValidationError as error:
            raise _in_our_words(error) from error
        return name


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """Changing the password: allauth looks at the present one without a word to anybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in _PASSWORDS.items():
            self.fields[name].label = label
        _leave_boxes_empty(self)

    def clean_oldpassword(self) -> str:
        """The present password, if it is theirs."""
        given: str = self.cleaned_data["oldpassword"]
        check_own_password(self.user, given, wrong="password_wrong", in_vain="nothing was changed")
        return given
