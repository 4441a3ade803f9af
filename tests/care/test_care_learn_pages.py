"""Learn's pages: open to strangers, honest about what is not checked, no forbidden claim in anything they say."""

from __future__ import annotations

import html
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from asserted_arrows import asserted
from django.test import Client
from django.urls import reverse
from invented_trials import sham_trial
from reading_level import grade

from openpbm.care.learn import session_panels
from openpbm.care.plans.what_if import Kept
from openpbm.evidence.synthesis import evidence_statement
from openpbm.evidence.table.folder import write_folder
from openpbm.facts.claims import broken_claims
from openpbm.facts.comparators import DO_NOT_STOP, NO_HEAD_TO_HEAD, comparators
from openpbm.facts.costs import cost_inputs
from openpbm.facts.event_kinds import event_kinds
from openpbm.facts.learn import NOT_REVIEWED, evidence_version, questions
from openpbm.facts.mechanism import arrows, nodes
from openpbm.facts.notice import NOTICE
from openpbm.mechanism.reference_session import ReferenceSession
from openpbm.mechanism.session_answer import OBSERVABLES, Observable
from openpbm.planning.claims_ledger import claims_ledger

PAGES = [
    "/learn/",
    "/learn/benefits/",
    "/learn/buying/",
    "/learn/clinic/",
    "/learn/compare/",
    "/learn/claims/",
    "/learn/cost/",
    "/learn/side-effects/",
]
PAGES += [f"/learn/questions/{row.id}/" for row in questions]
PAGES += ["/learn/how/", "/learn/how/light_opens_no_stores/", "/learn/one-session/"]

pytestmark = pytest.mark.django_db


class Said(HTMLParser):
    """The text a reader sees, a sentence end after each block; headings and inline styles are counted."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.headings: list[str] = []
        self.inline: list[str] = []
        self._hidden = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._hidden += tag in ("script", "style")
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.inline.append("script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")
        if tag in ("p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "summary", "a", "td", "th", "label", "div"):
            self.parts.append(" . ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_may_read_it_and_it_promises_nothing(address: str) -> None:
    page = Said(get(address))
    assert broken_claims(page.text) == ()
    assert NOTICE in page.text
    assert NOT_REVIEWED in page.text
    assert evidence_version() in page.text


@pytest.mark.parametrize("address", PAGES)
def test_one_h1_no_level_skipped_nothing_inline(address: str) -> None:
    page = Said(get(address))
    levels = [int(heading[1]) for heading in page.headings]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.inline == []


@pytest.mark.parametrize("id", [row.id for row in questions])
def test_the_answer_as_shown_is_read_by_eighth_graders(id: str) -> None:
    shown = re.search(r'<div class="stack" id="answer">(.*?)</div>', get(f"/learn/questions/{id}/"), re.DOTALL)
    assert shown is not None
    assert grade(Said(shown[1]).text.replace(" . ", " ")) <= 8.0


def test_every_question_is_listed_and_leads_on() -> None:
    index = get(reverse("learn:index"))
    for row in questions:
        assert f'href="{reverse("learn:question", args=[row.id])}"' in index
    first, second = list(questions)[:2]
    assert reverse("learn:question", args=[second.id]) in get(reverse("learn:question", args=[first.id]))


def test_an_unknown_question_is_not_found() -> None:
    assert Client().get("/learn/questions/nonsense/").status_code == 404


def test_pages_are_read_and_never_posted_to() -> None:
    assert [Client().post(address).status_code for address in PAGES[:8]] == [405] * 8


def test_every_card_says_that_nobody_compared_it_with_light() -> None:
    page = Said(get(reverse("learn:compare"))).text
    assert page.count(NO_HEAD_TO_HEAD) == 1
    assert page.count("No head-to-head trial with light.") == len(comparators)
    assert DO_NOT_STOP in page
    statements = [statement for row in comparators for statement in row.statements]
    assert all(" ".join(statement.text.split()) in page for statement in statements)
    unchecked = sum(not statement.verified for statement in statements)
    assert page.count("Not yet checked against its source.") == unchecked > 10


def test_the_problem_a_programme_is_named_for_stands_first() -> None:
    page = Said(get(reverse("learn:compare"))).text
    assert page.index("Restless legs: ") < page.index("Restless arms: ")


def test_the_trials_of_a_condition_are_drawn_and_a_row_of_ones_own_is_in_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The page, the plan and the documents take one statement; then a study lies in the clinic's own folder."""
    before = get(reverse("learn:compare"))
    assert before.count('class="evidence-picture"') > 3
    assert evidence_statement("dpn").text in Said(before).text
    assert len(before.encode()) < 150_000
    write_folder(tmp_path, sham_trial("Own2026", condition="phn", outcome="nrs", value=-1.0, se=0.5))
    monkeypatch.setenv("OPENPBM_EVIDENCE", str(tmp_path))
    after = get(reverse("learn:compare"))
    assert "Own 2026" in after
    assert after.count('class="evidence-picture"') == before.count('class="evidence-picture"') + 1


def test_the_cost_page_answers_before_anything_is_entered() -> None:
    page = Said(get(reverse("learn:cost"))).text
    assert "With the usual numbers" in page
    assert "From session 6 on, the home lamp has cost less" in page
    for row in cost_inputs:
        assert row.label in page
        assert f"Often {row.low:g} to {row.high:g}" in page
    assert page.count("our guess, not checked") == len(cost_inputs)


def test_what_is_entered_is_computed_with_and_the_rest_stays_usual() -> None:
    page = get(reverse("learn:cost") + "?lamp=2000")
    assert "With your numbers" in Said(page).text
    assert "From session 24 on" in Said(page).text
    assert re.search(r'name="lamp" value="2000"', page)
    assert re.search(r'name="travel" value="10"', page)


def test_never_cheaper_is_said_so() -> None:
    assert "Not in this time" in get(reverse("learn:cost") + "?clinic_session=0&travel=0")
    assert "Not for good" in get(reverse("learn:cost") + "?lamp=1500&lamp_life=0.5&maintenance_per_week=0.25&years=3")


@pytest.mark.parametrize("query", ["lamp=-1", "lamp=abc", "lamp=nan", "lamp_life=0", "years=1e9"])
def test_a_number_out_of_bounds_is_named_and_nothing_is_computed(query: str) -> None:
    page = get(f"{reverse('learn:cost')}?{query}")
    assert "Please check your answers" in page
    assert "json" not in page
    assert query.split("=")[0] in re.findall(r'data-field="(\w+)"', page.split("field-wrong")[1])


def test_an_empty_box_keeps_the_usual_number() -> None:
    assert "From session 6 on" in Said(get(f"{reverse('learn:cost')}?lamp=&travel=10")).text


def test_a_stray_parameter_changes_nothing() -> None:
    assert "With the usual numbers" in get(reverse("learn:cost") + "?utm_source=x")


def test_the_chart_has_its_numbers_in_a_table_too() -> None:
    page = get(reverse("learn:cost"))
    drawn = re.findall(r'<polyline class="line[^"]*" points="([^"]+)"', page)
    rows = re.findall(r'<tr><th scope="row">[\d.]+</th>(.*?)</tr>', page)
    assert [len(line.split()) for line in drawn] == [len(rows)] * 2
    # The end of the sentence is the end of the table.
    ends = re.findall(r"<td>([\d,]+)</td>", rows[-1])[1:]
    assert f"at the end clinic {ends[0]}, home {ends[1]} US dollars" in page


def test_what_to_do_comes_from_the_table_that_answers_a_report() -> None:
    page = Said(get(reverse("learn:side_effects"))).text
    messages = {row.id: row.message for row in event_kinds}
    for id in ("erythema", "blister", "vision_change", "fainting"):
        assert messages[id] in page
    assert page.count("Stop the light") >= 3
    # What needs help at once, then what ends the light, then the rest.
    order = ["call the emergency number now", messages["vision_change"], messages["erythema"]]
    assert order == sorted(order, key=page.index)


def test_the_claims_page_shows_every_row_and_is_read_by_eighth_graders() -> None:
    page = get(reverse("learn:claims"))
    shown = Said(page).text
    rows = claims_ledger()
    for row in rows:
        for text in (row.claim.claim, row.text):
            # The page writes the units as people do.
            assert " ".join(text.split()).replace("/cm2", "/cm²") in shown, row.claim.id
    assert page.count("(not checked)") == sum(not row.claim.verified for row in rows) > 10
    assert shown.rindex("Unsafe .") < shown.rindex("Holds up .")
    quoted = " ".join(html.unescape(text) for text in re.findall(r'<p class="answer">(.*?)</p>', page, re.DOTALL))
    assert grade(quoted) <= 8.0
    assert f'href="{reverse("learn:claims")}"' in get(reverse("learn:index"))


def test_the_drawing_and_the_list_lead_to_every_arrow_with_its_grade() -> None:
    page = get(reverse("learn:how"))
    assert len(page.encode()) < 150_000
    drawing, listed = page.split("</svg>\n    <figcaption>")
    for row in arrows:
        link = f'href="{reverse("learn:arrow", args=[row.id])}"'
        drawn = re.search(rf'<a class="map-arrow grade-(.)([ \w-]*)" {link} aria-label="([^"]+)"', drawing)
        assert drawn is not None, row.id
        assert drawn[1] == row.grade.lower()
        assert ("map-marked" in drawn[2]) == (row.brief in ("reversed", "unsupported")), row.id
        assert html.unescape(drawn[3]) == f"Grade {row.grade}. {row.plain}"
        assert listed.count(link) == 1
        assert row.plain in html.unescape(listed)
    assert drawing.count('class="map-node"') == len(nodes)


def test_no_page_says_that_an_arrow_below_grade_a_does_happen() -> None:
    addresses = [*PAGES, *(reverse("learn:arrow", args=[row.id]) for row in arrows)]
    # What others say stands in quotation marks and is judged right below; titles of papers are their authors' words.
    others = r'<q>.*?</q>|<span class="source">.*?</span>'
    pages = {address: Said(re.sub(others, "", get(address))).text for address in addresses}
    assert {address: asserted(text) for address, text in pages.items() if asserted(text)} == {}


def test_an_arrow_tells_what_speaks_for_it_and_against_it_and_where_that_comes_from() -> None:
    row = arrows["light_frees_no_at_oxidase"]
    page = Said(get(reverse("learn:arrow", args=[row.id]))).text
    for text in (row.plain, row.plain_known, row.plain_test, "Grade D", *(each.text for each in row.evidence)):
        assert text in page
    assert page.index("blue light of 442 nm") < page.index("Against") < page.index("ATP rose in cells")
    assert "Nobody has shown that this step happens" in page
    assert "Nobody has shown" not in Said(get(reverse("learn:arrow", args=["light_warms"]))).text
    assert Client().get("/learn/how/nonsense/").status_code == 404


def rising(forced: dict[str, bool], lamp: str) -> ReferenceSession:
    """An answer as the model gives it, whose numbers are known: up to its middle, warmth half of it."""
    times = np.array([0.0, 600.0, 1200.0, 1800.0, 3600.0])
    up = np.array([0.0, 2.0, 4.0, 2.0, 0.0]) * (lamp == "light")
    shown = tuple(
        Observable(name, where, "", -up, up, 2.0 * up, 0.5 * up)
        for where, names in OBSERVABLES.items()
        for name in names
    )
    return ReferenceSession(times_s=times, session_s=1200.0, observables=shown, people=200)


def test_a_session_is_worked_out_when_it_is_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def noted(forced: dict[str, bool], lamp: str) -> ReferenceSession:
        asked.append((lamp, forced))
        return rising(forced, lamp)

    monkeypatch.setattr(session_panels, "reference_session", noted)
    monkeypatch.setattr(session_panels, "_ANSWERS", Kept(200))
    address = reverse("learn:one_session")
    assert "band-chart" not in get(address)
    assert "Please check your answers" in get(f"{address}?lamp=sun")
    assert asked == []
    page = get(f"{address}?lamp=light&light_opens_no_stores=on&light_shifts_oxidase=off")
    get(f"{address}?lamp=light&light_opens_no_stores=on&light_shifts_oxidase=off")
    get(f"{address}?lamp=dark&light_opens_no_stores=on")
    get(f"{address}?lamp=dark")
    assert asked == [("light", {"light_opens_no_stores": True, "light_shifts_oxidase": False}), ("dark", {})]
    said = Said(page)
    assert said.inline == []
    assert said.text.count("None of this has been shown to happen.") == 2
    assert (
        "would be 4 % in the middle, and between −4 and 8 % in 90 of 100 people. Of that, warmth alone would give 2 %"
        in (said.text)
    )
    assert page.count('class="band-chart"') == 6
    assert asserted(said.text) == []


def test_who_asks_while_the_compiler_works_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_panels, "_LONGEST_WAIT_S", 0.0)
    with session_panels._ONE_AT_A_TIME:
        assert "still being worked out" in get(f"{reverse('learn:one_session')}?lamp=light")
