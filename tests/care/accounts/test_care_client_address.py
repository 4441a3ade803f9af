"""Failed sign-ins are counted by the address they come from, also where a server with https stands in front."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
from pytest_django import Settings


@pytest.mark.parametrize(
    ("https", "forwarded", "counted_for"),
    [
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # the first was written by the visitor
        (True, "2001:db8::5", "2001:db8::5"),
        (True, "", "127.0.0.1"),
        (True, "unknown", "127.0.0.1"),
        (False, "203.0.113.9", "127.0.0.1"),  # nobody stands in front: the visitor wrote it
    ],
)
def test_whose_failed_sign_ins_are_counted_together(
    settings: Settings, https: bool, forwarded: str, counted_for: str
) -> None:
    settings.HTTPS = https
    request = RequestFactory().post("/account/login/", headers={"x-forwarded-for": forwarded} if forwarded else None)
    assert get_adapter().get_client_ip(request) == counted_for
