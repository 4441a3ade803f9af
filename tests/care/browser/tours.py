"""The five-minute tours of docs/tours: read from their one file, and walked in a browser."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, cast

from care.browser.visitors import Visitors
from playwright.sync_api import Locator, Page, expect

__all__ = ["FOLDER", "Step", "Tour", "scroll_to", "tours", "walk"]

FOLDER = Path(__file__).parents[3] / "docs" / "tours"
#: Who looks at the site on a desktop; everybody else has a telephone.
_STAFF = ("clinician", "admin", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: where it begins, what is clicked, what must be seen, and what is told about it.

    who : name of a demo account, "" for somebody who is not signed in
    at : address at which the step begins, `{ada}` for Ada's number; "" goes on where the step before ended
    click : names of links and buttons, one after the other; "your name" is the menu at the top
    heading : of the page where it ends
    words : what stands on that page
    show : words at which the picture begins, "" for the top of the page
    ids : requirements of the mission that the step shows
    """

    title: str
    who: str
    text: str
    heading: str
    words: list[str]
    ids: list[str]
    at: str = ""
    click: list[str]
    show: str = ""

    @property
    def staff(self) -> bool:
        """Whether it is looked at on a desktop."""
        return self.who in _STAFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """One tour. name : of its page and its pictures; article : of the brief."""

    name: str
    article: str
    title: str
    about: str
    end: str
    steps: list[Step]

    def picture(self, number: int) -> str:
        """File name of the picture of a step, counted from 1."""
        return f"{self.name}-{number}.png"


class _Row(TypedDict):
    steps: list[dict[str, object]]


def tours() -> list[Tour]:
    """All tours, as docs/tours/tours.toml has them."""
    told = tomllib.loads((FOLDER / "tours.toml").read_text(encoding="utf-8"))
    rows = cast("list[_Row]", told["tour"])
    return [_tour(row) for row in rows]


def _tour(row: _Row) -> Tour:
    steps = [Step(**({"click": []} | step)) for step in row["steps"]]  # type: ignore[arg-type]
    return Tour(**{**row, "steps": steps})  # type: ignore[arg-type]


def walk(tour: Tour, site: Visitors, opened: Callable[[str | None, bool], Page]) -> Iterator[tuple[int, Step, Page]]:
    """Step after step, by clicks alone; each page must have the heading and the words that its step promises.

    opened : opens a page of that account, on a desktop where the second is true
    """
    pages: dict[str, Page] = {}
    for number, step in enumerate(tour.steps, start=1):
        if step.who not in pages:
            pages[step.who] = opened(step.who or None, step.staff)
        page = pages[step.who]
        _go(page, step, site)
        expect(page.get_by_role("heading", level=1)).to_contain_text(step.heading)
        for words in step.words:
            expect(page.locator("body"), f"step {number} of {tour.name}").to_contain_text(words, use_inner_text=True)
        yield number, step, page


def _go(page: Page, step: Step, site: Visitors) -> None:
    if step.at:
        page.goto(step.at.format_map({name: account.person_id for name, account in site.accounts.items()}))
    for name in step.click:
        _named(page, name).click()
        page.wait_for_load_state()


def _named(page: Page, name: str) -> Locator:
    """The first link or button of that name which can be seen, or the menu that bears one's own."""
    if name == "your name":
        return page.locator("details.menu > summary")
    return page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).locator("visible=true").first


def scroll_to(page: Page, words: str) -> None:
    """Bring the words near the top of the screen, below what stays fixed there; nothing moves for ""."""
    if words:
        page.get_by_text(words).locator("visible=true").first.evaluate(
            "here => window.scrollTo(0, here.getBoundingClientRect().top + scrollY - 100)"
        )
