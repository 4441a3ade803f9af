"""What a page promises about leaving must be what one can do today."""

from __future__ import annotations

from care.conftest import House, account_of, signed_in
from django.test import Client
from django.urls import reverse


def test_the_sign_up_promises_what_can_be_done_and_no_leaving(db: None) -> None:
    """It said that one can leave at any time, when nothing set that somebody has left and no key was forgotten."""
    page = Client().get(reverse("account_signup")).content.decode()
    assert "leave at any time" not in page
    assert "take back your consent at any time" in page
    assert "You can have yourself erased" in page
    assert "login name that does not say who you are" in page


def test_who_signed_up_can_take_back_consent_and_download(house: House) -> None:
    client = signed_in(account_of(house.carol))
    for route in ("people:consent", "checkpoints:export"):
        assert client.get(reverse(route, kwargs={"person_id": house.carol.pk})).status_code == 200
