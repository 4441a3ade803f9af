"""The public first page: what this is, for whom, what is known and what is not, the way in; numbers from the tables."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from reading_level import grade

from openpbm.facts.claims import brief_claims, broken_claims
from openpbm.facts.learn import PROGRAMMES, study_counts
from openpbm.wording import PROGRAMMES as NAMES


@pytest.mark.django_db
def test_item_10_and_r_004_10_a_stranger_is_told_what_this_is_and_what_it_is_not_for() -> None:
    page = Client().get("/", follow=True).content.decode()
    said = html.unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main")]))
    said = " ".join(said.split())
    counts = study_counts()
    for programme in PROGRAMMES:
        assert NAMES[programme] in said
        assert f"{counts[f'sham_{programme}']} of {counts[f'studies_{programme}']} studies used a sham lamp" in said
    for words in ("What is known", "What is not known", "12 to 90 J/cm²", "has 2 to 6", "openpbm serve --demo"):
        assert words in said
    assert 'href="/account/login/"' in page
    assert 'href="/account/signup/"' in page
    assert broken_claims(said) == ()
    assert grade(said) <= 8.0
    # The brief's other uses: recorded, and out of scope.
    assert "skin, wounds, hair, joints and period pain" in said
    assert "make no plan" in brief_claims["skin_hair_joints"].correction
