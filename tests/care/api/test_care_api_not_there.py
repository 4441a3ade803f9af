"""A path that is not there, or asked in another way, is answered in JSON like everything under /api."""

from __future__ import annotations

import pytest
from care.conftest import House, account_of, signed_in
from django.test import Client


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/api/", 404), ("get", "/api/no/such/path", 404), ("put", "/api/me", 405), ("delete", "/api/people", 405)],
)
def test_a_refusal_has_the_shape_of_every_refusal(house: House, method: str, path: str, status: int) -> None:
    answer = getattr(signed_in(account_of(house.alice)), method)(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert "/api/openapi.json" in answer.json()["detail"]
    assert ("Allow" in answer.headers) == (status == 405)
    assert getattr(Client(), method)(path).status_code == 401


def test_pages_stay_pages(house: House) -> None:
    assert "html" in signed_in(account_of(house.alice)).get("/no/such/page/").headers["Content-Type"]
