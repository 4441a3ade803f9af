"""Changing the password: the present one is given first, and wrong ones are counted and told."""

from __future__ import annotations

from allauth.account.forms import ChangePasswordForm

from openpbm.care.trust.own_password import check_own_password

__all__ = ["OwnPasswordForm"]


class OwnPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """allauth's form, which looks at the present password without a word to anybody."""

    def clean_oldpassword(self) -> str:
        """The present password, if it is theirs."""
        given: str = self.cleaned_data["oldpassword"]
        check_own_password(self.user, given, wrong="password_wrong", in_vain="nothing was changed")
        return given
