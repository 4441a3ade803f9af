"""A filled scale is scored at once; a total is taken where it can be; a licensed form shows no words of its own."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from present import present

from openpbm.care.audit.ledger import Conflict
from openpbm.care.jobs.models import Reminder
from openpbm.care.scales.actions import record_score
from openpbm.care.scales.computed_score import compute_score
from openpbm.care.scales.models import ScoreEntry
from openpbm.care.scales.selectors import recorded_scores
from openpbm.errors import BadInput
from openpbm.facts.crisis import crisis_message
from openpbm.facts.scales import scales


def write(house: House, scale: str = "irls", **changes: Any) -> tuple[ScoreEntry, bool]:
    given = {"person": house.alice, "date": house.alice.today(), "scale": scale, "source": "paper", "by": house.helper}
    return record_score(**(given | changes))


def url(house: House, scale: str = "irls") -> str:
    return reverse("scales:fill", kwargs={"person_id": house.alice.pk, "scale": scale})


TWOS = {str(number): 2 for number in range(1, 11)}


def test_items_are_scored_with_their_band(house: House) -> None:
    row, new = write(house, items=TWOS)
    assert new
    assert (row.version, row.result["value"], row.result["band"]) == ("2.0", 20.0, "moderate")
    assert row.result["subscales"] == {"symptoms": 12.0, "impact": 6.0}
    (line,) = recorded_scores(house.alice)
    assert (line.line, line.scale, line.value, line.source, dict(present(line.items))["1"]) == (
        2,
        "irls",
        None,
        "paper",
        2.0,
    )


def test_a_total_alone_is_kept_with_its_band(house: House) -> None:
    row, _ = write(house, value=24)
    assert (row.result["value"], row.result["band"], row.result["of_items"]) == (24.0, "severe", False)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scale": "irl"}, "unknown"),
        ({"value": 41}, "must be from 0 to 40"),
        ({"value": float("inf")}, "must be a number from 0 to 40"),
        ({"items": {"1": 5}}, "out of range"),
        ({"items": {"11": 1}}, "not an item"),
        ({"items": {"1": None}}, "nothing was answered"),
        ({}, "nothing was answered"),
        ({"items": TWOS, "value": 30}, "the answers come to 20"),
        ({"value": 3, "version": "9"}, "not known"),
        ({"value": 3, "source": "web"}, "must be one of"),
    ],
)
def test_what_cannot_be_is_refused(house: House, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        write(house, **changes)
    assert house.alice.scores.count() == 0


def test_a_retired_scale_is_refused_and_its_scores_stay(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write(house, value=24)
    monkeypatch.setenv("OPENPBM_RETIRED_SCALES", "isi, irls")
    with pytest.raises(BadInput, match="not filled here any more"):
        write(house, value=20)
    response = signed_in(account_of(house.alice)).get(url(house))
    assert response.status_code == 410
    listed = signed_in(account_of(house.alice)).get(reverse("scales:list", kwargs={"person_id": house.alice.pk}))
    assert "24" in listed.content.decode()
    assert url(house) not in listed.content.decode()


def test_the_same_day_again_is_a_correction_and_another_edition_is_not(house: House) -> None:
    key = uuid.uuid4()
    first, _ = write(house, id=key, value=24)
    second, _ = write(house, value=22)
    other, _ = write(house, value=18, version="patient")
    assert (second.supersedes_id, other.supersedes_id) == (first.pk, None)
    assert [row.value for row in recorded_scores(house.alice)] == [22.0, 18.0]
    assert write(house, id=key, value=24) == (first, False)
    with pytest.raises(Conflict):
        write(house, id=key, value=25)


def test_filling_shows_score_and_band_and_says_that_it_tells_no_cause(house: House) -> None:
    client = signed_in(account_of(house.alice))
    write(house, value=30, version="patient", date=house.alice.today() - dt.timedelta(days=7))
    answers = {f"item_{item}": "2" for item in TWOS}
    body = {"date": house.alice.today().isoformat(), "score_id": str(uuid.uuid4()), **answers}
    page = client.post(url(house), body, follow=True).content.decode()
    assert "Score: 20 of 0 to 40, called moderate; lower is better." in page
    assert "10 lower now" in page
    assert "up to 6 when nothing has changed, so this is more than the usual scatter" in page
    assert "not why" in page
    assert house.alice.scores.latest("created_at").source == "paper"


@pytest.mark.parametrize("scale", sorted(scales.ids))
def test_every_form_opens_and_answers_nonsense_on_the_page(house: House, scale: str) -> None:
    client = signed_in(house.clinician)
    page = client.get(url(house, scale))
    assert page.status_code == 200
    assert (crisis_message() in page.content.decode()) is bool(scales[scale].mood_items)
    nonsense = {f"item_{item.id}": "12345678" for item in scales[scale].items}
    response = client.post(url(house, scale), {"date": house.alice.today().isoformat(), **nonsense})
    assert response.status_code == 422
    assert client.post(url(house, scale), {"date": house.alice.today().isoformat()}).status_code == 422


def test_an_answer_about_mood_shows_where_help_is_at_once(house: House) -> None:
    client = signed_in(account_of(house.alice))
    body = {"date": house.alice.today().isoformat()}
    with_mood = client.post(url(house), {**body, "item_10": "4"}, follow=True).content.decode()
    assert with_mood.count(crisis_message()) == 1
    without = client.post(url(house), {**body, "item_1": "4"}, follow=True).content.decode()
    assert crisis_message() not in without


def test_a_licensed_form_shows_our_labels_until_the_site_loads_its_wording(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = signed_in(account_of(house.alice))
    page = client.get(url(house), {"version": "2.0"}).content.decode()
    assert "under licence" in page
    assert "Total on the form" in page
    (tmp_path / "irls.toml").write_text(
        'scale = "irls"\nversion = "2.0"\nlicensee = "Clinic A"\n[items]\n1 = "Words of the owner"\n', encoding="utf-8"
    )
    monkeypatch.setenv("OPENPBM_SCALE_WORDING_DIR", str(tmp_path))
    loaded = client.get(url(house), {"version": "2.0"}).content.decode()
    assert "Words of the owner" in loaded
    assert "Wording shown by Clinic A" in loaded
    assert "Total on the form" not in loaded
    assert "Words of the owner" not in client.get(url(house), {"version": "patient"}).content.decode()


def test_an_unknown_form_or_edition_is_no_error_of_the_server(house: House) -> None:
    client = signed_in(account_of(house.alice))
    assert client.get(url(house, "nothing")).status_code == 404
    assert client.get(url(house), {"version": "9"}).status_code == 404


def test_somebody_elses_score_is_as_unknown_as_none(house: House) -> None:
    row, _ = write(house, value=24)
    bob = house.bob
    there = reverse("scales:score", kwargs={"person_id": bob.pk, "score_id": row.pk})
    none = reverse("scales:score", kwargs={"person_id": bob.pk, "score_id": uuid.uuid4()})
    client = signed_in(account_of(bob))
    assert (client.get(there).status_code, client.get(none).status_code) == (403, 403)
    assert client.get(url(house)).status_code == 403


def test_the_line_over_time_keeps_editions_apart(house: House) -> None:
    from openpbm.care.scales.trend import trends

    today = house.alice.today()
    for n, version in enumerate(("2.0", "2.0", "patient")):
        write(house, value=20 + n, version=version, date=today - dt.timedelta(days=n))
    (line,) = trends(house.alice.scores.order_by("date"))
    assert line.version == "2.0"
    assert len(line.chart.dots) == 2
    page = signed_in(account_of(house.alice)).get(reverse("scales:list", kwargs={"person_id": house.alice.pk}))
    assert f'aria-label="{line.sentence}"' in page.content.decode()


@given(st.dictionaries(st.sampled_from(["item_1", "item_10", "value", "date"]), st.text(max_size=10), min_size=1))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_is_answered_on_the_page(house: House, answers: Any) -> None:
    body = {"date": house.alice.today().isoformat(), **answers}
    assert signed_in(account_of(house.alice)).post(url(house), body).status_code in (302, 422)


def test_an_answer_about_self_harm_shows_help_and_tells_the_clinic(house: House) -> None:
    """Whatever the score: the person reads where help is and every clinician is told; "not at all" tells nobody."""
    client = signed_in(account_of(house.alice))
    body = {"date": house.alice.today().isoformat(), **{f"item_{n}": "0" for n in range(1, 10)}}
    quiet = client.post(url(house, "phq9"), body, follow=True).content.decode()
    assert "Please do not stay alone" not in quiet
    assert not Reminder.objects.filter(kind="self_harm").exists()
    page = client.post(url(house, "phq9"), {**body, "item_9": "1"}, follow=True).content.decode()
    assert "Please do not stay alone" in page
    assert page.count(crisis_message()) == 1
    assert "Your clinic is told of this answer" in page
    told = Reminder.objects.get(kind="self_harm", user=house.clinician)
    assert "speak with the person today" in told.text
    assert told.escalates_at is not None
    staff = signed_in(house.clinician).get(told.link).content.decode()
    assert "Speak with the person today" in staff


def test_a_cold_leg_is_said_on_the_form(house: House) -> None:
    client = signed_in(house.clinician)
    body = {"date": house.alice.today().isoformat(), "item_temperature": "28", "item_amplitude": "9"}
    page = client.post(url(house, "nerve_conduction"), body).content.decode()
    assert "below 31 nothing counts" in page.lower()
    assert "warm the leg" in page
    grades = client.get(url(house, "ashworth")).content.decode()
    assert "1+" in grades
    assert "Total on the form" not in client.get(url(house, "bctq")).content.decode()


@pytest.mark.parametrize("scale", ["bpi_sf", "cipn20", "eq5d5l", "rls6", "bctq"])
def test_a_total_is_refused_where_a_scale_has_none(scale: str) -> None:
    """Any number once passed as the total of a form that has only parts, and was judged as one."""
    with pytest.raises(BadInput, match="has no total, only parts"):
        compute_score(scales[scale], scales[scale].version, None, 4.0)
