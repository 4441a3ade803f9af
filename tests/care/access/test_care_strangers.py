"""What somebody who has not signed in is answered: the same where there is a page and where there is none."""

from __future__ import annotations

import pytest
from django.test import Client

_NOWHERE = "/nowhere/at/all/"


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/lamps/", "/jobs/reminders/", "/clinic/", _NOWHERE])
def test_a_page_and_no_page_both_lead_to_the_sign_in(path: str, method: str) -> None:
    # With the check against forged forms on, as a browser meets it.
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/account/login/?next={path}")


@pytest.mark.django_db
def test_the_first_page_leads_to_the_one_that_says_what_this_is() -> None:
    answer = Client().get("/", follow=True)
    assert answer.redirect_chain == [("/about/", 302)]
    assert "What is not known" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/api/reminders", "/api/nowhere"])
def test_the_api_says_sign_in_first_whether_the_path_is_there_or_not(path: str, method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(path)
    assert (answer.status_code, answer.json()) == (401, {"detail": "sign in first"})
