"""The tours of docs/tours, walked as their pages tell them, and their pages and pictures held to their steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from care.browser.tour_pages import index_of, page_of
from care.browser.tours import FOLDER, Tour, tours, walk
from care.browser.visitors import Visitors
from playwright.sync_api import Page

_MISSION = Path(__file__).parents[3] / "docs" / "mission.md"
_TOURS = tours()


@pytest.mark.parametrize("tour", _TOURS, ids=lambda tour: tour.name)
def test_every_step_is_there(tour: Tour, demo: Visitors, opened: Callable[..., Page]) -> None:
    def page_of_visitor(name: str | None, desktop: bool) -> Page:
        return opened(demo, name, phone=not desktop)

    walked = [number for number, _, _ in walk(tour, demo, page_of_visitor)]
    assert walked == list(range(1, len(tour.steps) + 1))


def test_pages_tell_these_steps_and_have_their_pictures() -> None:
    """What stands in docs/tours is what `scripts/draw-tours` writes from the steps; no picture is left over."""
    assert (FOLDER / "index.md").read_text(encoding="utf-8") == index_of(_TOURS)
    for tour in _TOURS:
        assert (FOLDER / f"{tour.name}.md").read_text(encoding="utf-8") == page_of(tour)
        assert 5 <= len(tour.steps) <= 8
    wanted = {tour.picture(number) for tour in _TOURS for number in range(1, len(tour.steps) + 1)}
    sizes = {picture.name: picture.stat().st_size for picture in (FOLDER / "pictures").iterdir()}
    assert set(sizes) == wanted
    assert {name: size for name, size in sizes.items() if not 5_000 < size < 120_000} == {}


def test_every_article_has_a_tour_that_shows_its_requirements() -> None:
    known = set(re.findall(r"^\| (R-\d{3}-\d{2}) ", _MISSION.read_text(encoding="utf-8"), flags=re.MULTILINE))
    for tour in _TOURS:
        shown = {one for step in tour.steps for one in step.ids}
        assert shown <= known
        assert sum(one.startswith(f"R-{tour.article[:3]}-") for one in shown) >= 4
    assert [tour.article[:3] for tour in _TOURS] == ["000", "001", "002", "003", "004"]
