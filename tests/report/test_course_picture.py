"""The picture of a course: it shows every reading and no more, and says the same in words."""

from __future__ import annotations

import dataclasses
import datetime as dt
from xml.etree import ElementTree

from openpbm.report.course_picture import CoursePicture, GivenSession, Happening, HappeningRow, Line, in_words, zoomed
from openpbm.report.draw_course import draw_course

_FIRST = dt.date(2026, 10, 1).toordinal()
_LAST = _FIRST + 59
_SVG = "{http://www.w3.org/2000/svg}"


def picture_of(*, hold: Happening | None = None) -> CoursePicture:
    """Sixty days: a rating every day, three sessions, one effect with a name that looks like markup."""
    held = hold or Happening(day=_FIRST + 20, text="Wait", open_end=True)
    return CoursePicture(
        first=_FIRST,
        last=_LAST,
        lines=(
            Line(name="Diary", low=0, high=10, better="lower", points=tuple((_FIRST + n, 5.0) for n in range(60))),
            Line(name="IRLS", low=0, high=40, better="lower", points=((_FIRST, 30.0), (_LAST, 12.0))),
        ),
        sessions=(
            GivenSession(day=_FIRST + 10, lit=True, fluence_j_cm2=20.0),
            GivenSession(day=_FIRST + 12, lit=True, fluence_j_cm2=None),
            GivenSession(day=_FIRST + 50, lit=False, fluence_j_cm2=None),
        ),
        rows=(
            HappeningRow(
                name="Effects", kind="effect", items=(Happening(day=_FIRST + 5, text="<script>alert(1)</script>"),)
            ),
            HappeningRow(name="Holds", kind="hold", items=(held,)),
        ),
    )


def drawn(picture: CoursePicture) -> ElementTree.Element:
    """The drawing, read as XML: what is not well-formed is no picture."""
    return ElementTree.fromstring(draw_course(picture, alone=True))


def marks(picture: CoursePicture, css: str) -> int:
    """How many marks of a class are drawn."""
    return sum(one.get("class") == css for one in drawn(picture).iter())


def test_every_reading_is_a_mark_and_what_is_not_known_is_no_bar() -> None:
    picture = picture_of()
    assert [marks(picture, css) for css in ("cp-dot", "cp-score")] == [60, 2]
    assert [marks(picture, css) for css in ("cp-bar", "cp-unknown", "cp-missed")] == [1, 1, 1]


def test_a_label_is_written_before_its_sign_where_there_it_stands_whole() -> None:
    late = HappeningRow(
        name="Checkpoints", kind="checkpoint", items=(Happening(day=_LAST - 6, text="week 2: continue"),)
    )
    texts = [one.text for one in drawn(dataclasses.replace(picture_of(), rows=(late,))).iter(f"{_SVG}text")]
    assert "week 2: continue" in texts


def test_words_of_people_are_never_markup() -> None:
    assert "<script" not in draw_course(picture_of())
    assert not list(drawn(picture_of()).iter(f"{_SVG}script"))


def test_the_words_say_what_the_picture_shows() -> None:
    told = dict(in_words(picture_of()))
    assert told["IRLS"].startswith("2 readings, between 12 and 30; first 30 on 1 Oct 2026, last 12 on 29 Nov 2026")
    assert told["Sessions"] == (
        "2 with light, 20 to 20 J/cm² at the skin, the dose of 1 not known; 1 written down as missed"
    )
    assert told["Holds"] == "21 Oct 2026: Wait, to the end of the picture"
    assert dict(in_words(zoomed(picture_of(), 5)))["Effects"] == "nothing written"


def test_a_hold_that_lasts_into_a_period_stays_in_it() -> None:
    over = Happening(day=_FIRST + 20, text="Wait", until=_FIRST + 25)
    assert len(zoomed(picture_of(), 28).rows[1].items) == 1
    assert not zoomed(picture_of(hold=over), 28).rows[1].items
    assert marks(zoomed(picture_of(), 28), "cp-dot") == 28


def test_a_report_without_names_counts_days_from_the_start() -> None:
    counted = CoursePicture(
        first=-14, last=28, dated=False, rows=(), sessions=(GivenSession(day=-3, lit=True, fluence_j_cm2=4.0),),
        lines=(),
    )  # fmt: skip
    words = [one.text for one in drawn(counted).iter(f"{_SVG}text")]
    assert "day 0" in words
    assert not any("Oct" in (word or "") for word in words)
