"""A prepared question gives what its queryset gives, of the rows as they are now, and its SQL is built once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of
from django.db import connection
from django.db.models import Count
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from present import present

from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.prepared import Prepared


def test_rows_are_those_of_the_queryset_and_sql_is_built_once(house: House) -> None:
    built = []

    def build(clinic: Any, code: Any, before: Any) -> Any:
        built.append(clinic)
        of_clinic = Person.objects.filter(clinic=clinic, created_at__lt=before).exclude(code=code)
        return of_clinic.select_related("user", "key").annotate(known_to=Count("helpers")).order_by("code")

    asked, later = Prepared(build), house.alice.created_at + dt.timedelta(days=1)
    for clinic, expected in ((house.clinic, [house.alice]), (house.other_clinic, [house.bob])):
        with CaptureQueriesContext(connection) as queries:
            found = asked.rows(clinic=clinic, code="none", before=later)
            # What the question brought is asked for no more.
            assert [(one.user, one.key.pk, one.clinic) for one in found] == [
                (one.user, one.pk, clinic) for one in expected
            ]
        assert len(queries) == 1
        assert found == expected
        assert found[0].identity == expected[0].identity
    assert len(built) == 1
    assert present(asked.first(clinic=house.clinic, code="none", before=later)).known_to == 1
    assert asked.rows(clinic=house.clinic, code=house.alice.code, before=later) == []
    assert asked.first(clinic=house.clinic, code="none", before=house.alice.created_at) is None
    assert asked.rows(clinic=None, code="none", before=later) == []


def test_an_answer_is_of_now(house: House) -> None:
    helps = Prepared(
        lambda person, user: HelperGrant.objects.filter(person=person, user=user, ended_at=None).values_list(
            "pk", flat=True
        )
    )
    assert helps.rows(person=house.alice, user=house.clinician) == []
    grant = HelperGrant.objects.create(person=house.alice, user=house.clinician)
    assert helps.rows(person=house.alice.pk, user=house.clinician.pk) == [grant.pk]
    grant.ended_at = grant.started_at
    grant.save()
    assert helps.first(person=house.alice, user=house.clinician) is None


def test_values_of_several_columns(house: House) -> None:
    named = Prepared(lambda id: Person.objects.filter(pk=id).values_list("pk", "user__username", "left_at"))
    assert named.rows(id=house.carol.pk) == [(house.carol.pk, account_of(house.carol).username, None)]


def test_rows_are_locked_within_a_transaction_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = Prepared(lambda id: Person.objects.select_for_update(no_key=True).filter(pk=id))
    assert locked.first(id=house.alice.pk) == house.alice
    monkeypatch.setattr(connection, "get_autocommit", lambda: True)
    if connection.features.has_select_for_update:
        with pytest.raises(TransactionManagementError):
            locked.first(id=house.alice.pk)
    else:
        assert locked.first(id=house.alice.pk) == house.alice
