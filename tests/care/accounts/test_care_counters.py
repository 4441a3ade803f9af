"""Counts of failed sign-ins lay in a cache of 300 entries: whoever sent enough wrong names freed every account."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import PASSWORD, House
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client

from openpbm.care import clock
from openpbm.care.accounts import counters
from openpbm.care.accounts.models import Counter
from openpbm.care.people.account.signature import SignatureForm


@pytest.fixture(autouse=True)
def counted_in_the_table(db: None, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "openpbm.care.accounts.counters.Counters"}}


def sign_in(name: str, password: str, address: str = "192.0.2.1") -> bool:
    client = Client(REMOTE_ADDR=address)
    client.post("/account/login/", {"login": name, "password": password})
    return "_auth_user_id" in client.session


def test_a_flood_of_other_names_does_not_free_an_account(house: House) -> None:
    for number in range(5):
        assert not sign_in("alice", f"wrong {number}")
    # What the flood leaves behind: one count a name and one an address.
    Counter.objects.bulk_create(
        Counter(key=f":1:flood {number}", value=[1.0], expires_at=clock.now() + dt.timedelta(days=1))
        for number in range(1000)
    )
    assert not sign_in("mallory", "wrong", address="192.0.2.77")
    assert not sign_in("alice", PASSWORD, address="192.0.2.9")
    assert sign_in("bob", PASSWORD, address="192.0.2.9")
    assert counters.forget_expired() == 0
    assert Counter.objects.count() > 1000


def test_wrong_passwords_under_a_signature_are_counted_there_too(house: House) -> None:
    for number in range(5):
        assert not SignatureForm({"password": f"wrong {number}"}, signer=house.clinician).is_valid()
    assert not SignatureForm({"password": PASSWORD}, signer=house.clinician).is_valid()
    assert Counter.objects.filter(key__contains="own_password").count() == 5


def test_it_is_a_cache_as_django_knows_one() -> None:
    assert cache.add("place", [1, 2.5], 60)
    assert not cache.add("place", [3], 60)
    assert cache.get("place") == [1, 2.5]
    cache.set("place", "other", 60)
    assert (cache.get("place"), "place" in cache, cache.get("none", 7)) == ("other", True, 7)
    assert cache.touch("place", 120)
    assert cache.delete("place")
    assert not cache.delete("place")
    assert not cache.touch("place", 120)
    cache.set("over", 1, -1)
    cache.set("holds", 1, None)
    assert (cache.get("over"), cache.get("holds")) == (None, 1)
    assert cache.add("over", 2, 60), "its time was over"
    cache.set("over", 1, -1)
    assert counters.forget_expired() == 1
    cache.clear()
    assert not Counter.objects.exists()


def test_a_fault_of_the_database_is_no_taken_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(Counter, "save", refuse)
    with pytest.raises(DatabaseError):
        cache.add("place", 1, 60)
