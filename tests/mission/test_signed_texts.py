"""A clinician's signature stands for one version of one text: a changed word undoes it, and says so."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from openpbm.facts import reviews as module
from openpbm.facts.learn import NOT_REVIEWED
from openpbm.facts.reviews import TextReview, sign_off_of, signable_texts, text_version

PAGES = {
    "questions.cost": "/learn/questions/cost/",
    "compare": "/learn/compare/",
    "benefits": "/learn/benefits/",
    "claims": "/learn/claims/",
    "buying": "/learn/buying/",
    "clinic": "/learn/clinic/",
}


def signed(id: str, version: str) -> TextReview:
    return TextReview(id=id, version=version, by="Dr Example, neurologist", on=dt.date(2030, 1, 31))


@pytest.mark.django_db
def test_r_004_17_each_text_has_a_version_and_is_signed_in_that_version_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PAGES.keys() <= signable_texts().keys()
    monkeypatch.setattr(module, "reviews", [signed(id, sign_off_of(id).version) for id in PAGES])
    for id, address in PAGES.items():
        page = Client().get(address).content.decode()
        assert f"<code>{text_version(signable_texts()[id])}</code>" in page
        assert "Clinically reviewed by Dr Example, neurologist on 31 January 2030." in page
        assert NOT_REVIEWED not in page
    monkeypatch.setattr(module, "reviews", [signed("compare", "0" * 12)])
    page = Client().get(PAGES["compare"]).content.decode()
    assert "An earlier version was reviewed by Dr Example, neurologist on 31 January 2030." in page
    assert NOT_REVIEWED in page
    assert "Dr Example" not in Client().get(PAGES["benefits"]).content.decode()


def test_a_changed_word_is_another_version_and_a_line_break_is_not() -> None:
    assert text_version("one two") == text_version(" one\n two ")
    assert text_version("one two") != text_version("one too")
