"""A refusal is one line on the console, and names nobody."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.urls import reverse


@pytest.fixture
def console() -> Iterator[Any]:
    """What the console's handler says."""
    handler = next(one for one in logging.getLogger().handlers if one.formatter and one.filters)
    stream = io.StringIO()
    before = handler.setStream(stream)  # type: ignore[attr-defined]
    yield stream
    handler.setStream(before)  # type: ignore[attr-defined]


def test_a_refused_page_is_one_line_without_its_address(house: House, console: Any) -> None:
    path = reverse("home:record", args=[house.bob.pk])
    assert signed_in(account_of(house.alice)).get(path).status_code == 403
    said = console.getvalue()
    assert said.count("\n") == 1
    assert "403 GET on home:record" in said
    assert str(house.bob.pk) not in said


def test_a_page_that_is_not_there_is_one_line(house: House, console: Any) -> None:
    assert signed_in(account_of(house.alice)).get(f"/nowhere/{house.bob.pk}").status_code == 404
    assert console.getvalue().count("\n") == 1
    assert str(house.bob.pk) not in console.getvalue()


def test_a_fault_of_ours_keeps_its_traceback(house: House, console: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("openpbm.care.sessions.views.overview.session_state", fails)
    client = signed_in(account_of(house.alice))
    client.raise_request_exception = False
    assert client.get(reverse("sessions:list", args=[house.alice.pk])).status_code == 500
    assert "500 GET on sessions:list" in console.getvalue()
    assert "RuntimeError: broken" in console.getvalue()
