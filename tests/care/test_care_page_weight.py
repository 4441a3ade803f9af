"""A page of a patient fits through a slow line: what it names is added up as it travels, packed."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import agree, first_plan
from django.contrib.staticfiles import finders
from django.urls import reverse
from present import present

from openpbm.care.plans.actions import release_plan

# As in benchmarks/page_weight.py, which measures all pages in a browser.
FIRST_BYTES = 150_000


def weight_of(page: bytes) -> int:
    """The page and every file of ours it names [bytes], each packed by gzip; brotli packs them smaller."""
    named = set(re.findall(r'(?:src|href)="/static/([^"#?]+)', page.decode()))
    assert "care/care.css" in named
    files = [Path(present(finders.find(name))).read_bytes() for name in named]
    return sum(len(gzip.compress(content)) for content in (page, *files))


@pytest.mark.parametrize("route", ["home:today", "sessions:my_lamp", "people:details"])
def test_pages_of_a_patient_stay_light(house: House, route: str) -> None:
    plan = first_plan(house)
    agree(house.alice)
    release_plan(plan=plan, statement="Read and agreed", by=house.clinician, early_start="Nothing else helps")
    page = signed_in(account_of(house.alice)).get(reverse(route, args=[house.alice.pk]))
    assert page.status_code == 200
    assert weight_of(page.content) < FIRST_BYTES


def test_a_page_travels_packed_and_never_twice_at_the_same_length(house: House) -> None:
    browser = signed_in(account_of(house.alice))
    where = reverse("home:today", args=[house.alice.pk])
    answers = [browser.get(where, headers={"Accept-Encoding": "gzip"}) for _ in range(8)]
    assert {answer.headers["Content-Encoding"] for answer in answers} == {"gzip"}
    # Else its length would tell, try by try, what stands in it (BREACH).
    assert len({answer.headers["Content-Length"] for answer in answers}) > 1
    assert b"</html>" in gzip.decompress(answers[0].content)
