"""The two pages a person reads: what must stand there, what must not, and in which order."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from jinja2.meta import find_referenced_templates

from openpbm import report
from openpbm.facts.sites import sites
from openpbm.planning import load_plan
from openpbm.report.home_sheet import render_home_sheet
from openpbm.report.page import page_environment
from openpbm.wording import VERDICTS

VOID = {"meta", "img", "br", "col", "link", "hr", "input"}
VERDICT_NAMES = ("allowed", "ask", "needs_clinician", "refused", "refer")


class Page(HTMLParser):
    """Reads a page strictly: every tag that opens must close, in order. Keeps the text and what pages are judged by."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.headings: list[int] = []
        self.images: list[dict[str, str | None]] = []
        self.scopes: list[str | None] = []
        self.addresses: list[str | None] = []
        self.language: str | None = None
        self.tags: set[str] = set()
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "img":
            self.images.append(found)
        if tag == "th":
            self.scopes.append(found.get("scope"))
        if tag == "html":
            self.language = found.get("lang")
        self.addresses += [found[name] for name in ("src", "href", "action") if name in found]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def home_sheet(plan: dict[str, Any]) -> str:
    return render_home_sheet(load_plan(plan))


Pages = Callable[[dict[str, Any]], dict[str, Page]]
Folder = Callable[[dict[str, Any]], Path]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The folder of a plan's report, which is written once for all tests of that plan: its pictures take the time."""

    @functools.cache
    def write(content: str) -> Path:
        folder = tmp_path_factory.mktemp("report")
        report.write(load_plan(json.loads(content)), folder)
        return folder

    return lambda plan: write(json.dumps(plan))


@pytest.fixture(scope="module")
def pages(written: Folder) -> Pages:
    """Reads both pages of a plan."""

    def read(plan: dict[str, Any]) -> dict[str, Page]:
        names = ("report.html", "home_sheet.html")
        return {name: Page((written(plan) / name).read_text(encoding="utf-8")) for name in names}

    return read


@pytest.mark.parametrize("verdict", VERDICT_NAMES)
def test_every_verdict_gives_well_formed_accessible_pages(
    verdict: str, allowed: dict[str, Any], referred: dict[str, Any], pages: Pages
) -> None:
    plan = allowed if verdict == "allowed" else {**referred, "verdict": verdict}
    for page in pages(plan).values():
        assert page.language == "en"
        assert page.headings[0] == 1
        assert all(later - earlier <= 1 for earlier, later in zip(page.headings, page.headings[1:], strict=False))
        assert all(image["alt"] for image in page.images)
        assert None not in page.scopes
        assert "script" not in page.tags
        assert VERDICTS[verdict].title in page.text or (verdict == "allowed" and "My light sessions" in page.text)


def test_no_page_asks_for_anything_from_outside_its_folder(
    allowed: dict[str, Any], pages: Pages, written: Folder
) -> None:
    folder = written(allowed)
    for page in pages(allowed).values():
        for address in page.addresses:
            assert address is not None
            assert (folder / address).is_file()
    assert "url(" not in (folder / "report.html").read_text(encoding="utf-8")
    assert "@import" not in (folder / "home_sheet.html").read_text(encoding="utf-8")


def test_minutes_stand_in_both_pages_of_an_allowed_plan(allowed: dict[str, Any], pages: Pages) -> None:
    read = pages(allowed)
    assert "25 minutes" in read["report.html"].text
    assert "25 min" in read["home_sheet.html"].text
    assert "30 cm" in read["home_sheet.html"].text
    assert "50 min in all" in read["home_sheet.html"].text


@pytest.mark.parametrize("verdict", VERDICT_NAMES[1:])
def test_no_minutes_distance_or_dates_without_an_allowed_verdict(
    verdict: str, referred: dict[str, Any], pages: Pages
) -> None:
    read = pages({**referred, "verdict": verdict})
    for page in read.values():
        assert not re.search(r"\d\s*min(ute)?s?\b", page.text)
        assert "2026" not in page.text
    assert not re.search(r"\d\s*(cm|mm)\b", read["home_sheet.html"].text)
    assert "J/cm" not in read["home_sheet.html"].text
    assert "calendar.png" not in [image["src"] for image in read["report.html"].images]


def test_no_trial_found_stands_above_the_minutes(allowed: dict[str, Any], pages: Pages) -> None:
    for name, minutes in (("report.html", "25 minutes"), ("home_sheet.html", "25 min")):
        text = pages(allowed)[name].text
        assert 0 <= text.index("no trial found: single-person trial only") < text.index(minutes)


def test_every_reason_stands_with_source_and_way_out(referred: dict[str, Any], pages: Pages) -> None:
    read = pages(referred)
    for reason in referred["reasons"]:
        for page in read.values():
            assert reason["message"] in page.text
            assert reason["source"] in page.text
    assert read["report.html"].text.count("What can change this:") == len(referred["reasons"])


def test_request_puts_where_to_go_before_what_to_answer(referred: dict[str, Any], pages: Pages) -> None:
    text = pages(referred)["home_sheet.html"].text
    assert text.index("diabetic foot team") < text.index("cannot feel heat") < text.index("List your medicines")
    assert "call today" in text


def test_notice_stands_in_every_page(allowed: dict[str, Any], referred: dict[str, Any], pages: Pages) -> None:
    for plan in (allowed, referred):
        for page in pages(plan).values():
            assert plan["notice"] in page.text


def test_text_of_the_plan_is_escaped(allowed: dict[str, Any], referred: dict[str, Any], pages: Pages) -> None:
    poison = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    for plan in (allowed, referred):
        plan["lamp"]["name"] = poison
        plan["sites"][0]["positioning"] = poison
        plan["sites"][0]["plain_name"] = poison
        plan["evidence"]["statement"] = poison
        plan["cautions"][0]["message"] = poison
        plan["unverified"] = [poison]
        for reason in plan["reasons"]:
            reason["message"] = reason["source"] = poison
        for page in pages(plan).values():
            assert "script" not in page.tags
            assert all(image["src"] != "x" for image in page.images)
            assert poison in page.text


def test_structure_without_a_window_says_so(allowed: dict[str, Any], pages: Pages) -> None:
    allowed["prescription"]["window"] = []
    allowed["curves"][0]["window_j_cm2"] = None
    allowed["dose"][0]["chance_in_window"] = None
    assert "no trial to compare" in pages(allowed)["report.html"].text


def test_derived_window_is_still_named_when_there_is_no_prescription(referred: dict[str, Any], pages: Pages) -> None:
    text = pages(referred)["report.html"].text
    assert "0.9–6.7" in text
    assert "derived" in text


def test_beside_a_refusal_no_share_of_cases_speaks_for_the_light(
    allowed: dict[str, Any], referred: dict[str, Any], pages: Pages
) -> None:
    """A share of "98 %" stood on a refused plan. What the share counts stands under the table."""
    assert "not the chance that light helps" in pages(allowed)["report.html"].text
    for verdict in ("refused", "needs_clinician", "ask", "refer"):
        text = pages({**referred, "verdict": verdict})["report.html"].text
        assert "As in the trials (derived)" in text
        assert "Cases inside" not in text


def test_eyewear_is_asked_for_unless_the_plan_says_no(allowed: dict[str, Any]) -> None:
    """A missing eye calculation must never read as "no eyewear"."""
    asked = "Wear eyewear rated for 660 and 850 nm"
    assert asked in Page(home_sheet(allowed)).text
    assert asked in Page(home_sheet({**allowed, "eye": None})).text
    spared = Page(home_sheet({**allowed, "eye": {**allowed["eye"], "eyewear_needed": False}})).text
    assert asked not in spared
    assert "Never look into the lit lamp" in spared


def test_contact_use_is_drawn_and_worded_as_contact(allowed: dict[str, Any]) -> None:
    html = home_sheet({**allowed, "placement": {"distance_mm": 0}})
    assert "touching the skin" in html
    assert 'class="contact posterior_calf"' in html
    assert "measured</small>" not in html


def test_each_site_has_its_drawing(allowed: dict[str, Any]) -> None:
    for site in sites:
        html = home_sheet({**allowed, "sites": [{**allowed["sites"][0], "site": site.id}]})
        assert '<svg class="positioning"' in html, site.id


def test_short_laser_session_is_told_in_minutes_and_seconds(allowed: dict[str, Any]) -> None:
    for section, key in (("schedule", "minutes_per_session"), ("prescription", "minutes")):
        allowed[section][key] = 1.7
    allowed["session_minutes"] = 1.7
    assert "1 min 42 s" in Page(home_sheet(allowed)).text


def test_diary_has_a_row_for_each_day_before_and_under_light(allowed: dict[str, Any]) -> None:
    text = Page(home_sheet(allowed)).text
    assert text.index("My diary: before the first session") < text.index("Mon 14 Dec 2026")
    assert text.index("Sun 27 Dec 2026") < text.index("My diary: the course") < text.index("1 Mon 28 Dec 2026 20:00")
    for day in ("Tue 29 Dec 2026", "2 Thu 31 Dec 2026", "3 Mon 4 Jan 2027", "Tue 5 Jan 2027", "4 Thu 7 Jan 2027"):
        assert day in text
    assert text.index("Sun 10 Jan 2027") < text.index("Check, week 2 Mon 11 Jan 2027")


def test_request_to_a_clinician_has_no_diary(referred: dict[str, Any]) -> None:
    assert "My diary" not in Page(home_sheet(referred)).text


def test_plan_where_nothing_could_be_computed_still_reads(referred: dict[str, Any], pages: Pages) -> None:
    bare = {**referred, "dose": [], "skin": None, "eye": None, "curves": [], "irradiance_map": None}
    bare["placement"] = {"distance_mm": None}
    assert VERDICTS["refer"].title in pages(bare)["report.html"].text


@pytest.mark.parametrize("verdict", VERDICT_NAMES)
def test_no_page_makes_a_prohibited_claim(
    verdict: str, allowed: dict[str, Any], referred: dict[str, Any], pages: Pages
) -> None:
    from openpbm.facts.claims import broken_claims

    plan = allowed if verdict == "allowed" else {**referred, "verdict": verdict}
    for page in pages(plan).values():
        assert broken_claims(page.text) == ()


def test_a_prohibited_claim_would_be_caught(allowed: dict[str, Any], pages: Pages) -> None:
    """The check above can fail: a claim slipped into the plan is found in the page."""
    from openpbm.facts.claims import broken_claims

    allowed["evidence"]["statement"] = "This light cures restless legs."
    assert broken_claims(pages(allowed)["report.html"].text) != ()


def test_an_undefined_name_in_a_page_is_an_error() -> None:
    """A misspelt name once left a limit out of a page that looked complete."""
    with pytest.raises(UndefinedError, match="eyewear"):
        page_environment().from_string("{{ plan.eyewear }}").render(plan={})
    with pytest.raises(UndefinedError, match="windows"):
        page_environment().from_string("{% if windows %}a window{% endif %}").render()


def test_a_rule_with_a_remedy_of_its_own_shows_it_and_what_its_level_allows(
    referred: dict[str, Any], pages: Pages
) -> None:
    referred["reasons"][1]["remedy"] = "Choose a lamp that stays cool."
    text = pages(referred)["report.html"].text
    assert f"{referred['reasons'][1]['message']} Choose a lamp that stays cool." in text
    assert "A clinician may release this rule by name" in text


def test_every_template_is_part_of_a_page_that_these_tests_render() -> None:
    """StrictUndefined speaks only when a template is rendered: one that no page includes would never be tried."""
    # Those elsewhere belong to the web application, paper, masked lamp and evidence report, with tests of their own.
    pages = {"report.html", "home_sheet.html", "checkpoint.html", "case_report.html"}
    elsewhere = {"body_choice.html", "site_map.html", "plan.typ", "code_sheet.html", "evidence.html", "evidence.typ"}
    rendered = pages | elsewhere
    environment = page_environment()
    templates = set(environment.list_templates())
    included = {name for page in templates for name in _named_in(page)}
    drawings = {name for name in templates if name.startswith("positioning_")}
    assert drawings <= {f"positioning_{site.id}.svg" for site in sites}
    assert templates == rendered | included | drawings | {"body_map.svg"}


def _named_in(template: str) -> set[str]:
    environment = page_environment()
    assert environment.loader is not None
    source = environment.loader.get_source(environment, template)[0]
    return {name for name in find_referenced_templates(environment.parse(source)) if name is not None}
