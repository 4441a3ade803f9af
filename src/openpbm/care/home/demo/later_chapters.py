"""Chapters before and after a course: a baseline under way, a whole-body lamp, fewer sessions, a relapse."""

from __future__ import annotations

import datetime as dt
import functools

from openpbm.care.checkpoints.actions import propose
from openpbm.care.home.demo.courses import Lived, Part, keep_notes, plan
from openpbm.care.home.demo.story import DAY, Story, even, pain
from openpbm.care.people.lifestyle import keep_habits
from openpbm.care.scales.actions import record_spasm
from openpbm.planning import PlanOverrides

__all__ = ["tell_mia", "tell_ned", "tell_ola", "tell_pia"]

#: Days of the course on which nothing is written: who is asked every day gets tired of it.
_SILENT = (*range(1, 27), *range(43, 57))
_CRAWLS = "left leg: crawling, aching; right leg: tingling"


def tell_ned(story: Story) -> None:
    """Restless legs, six days in: the diary has begun, and light is proposed two weeks after it did."""
    start, user = story.start(5) + 14 * DAY, story.users["ned"]
    story.comes("ned", 6)
    scores = [("irls", -13, even(23, 10, 4), None)]
    lived = Lived(before=6, after=3, seed=18, onset=20.5, scores=scores, felt=_CRAWLS)
    keep_notes(story.past, lambda: story.people["ned"], start, lived, story.today)

    def habits() -> None:
        said = {
            "food": "three meals, supper at 19:00", "hydration": "a litre and a half by the evening",
            "sleep_schedule": "to bed at 23:00, up at 6:30", "exercise": "half an hour on foot after lunch",
            "caffeine": "two cups before noon", "alcohol": "a glass of wine at weekends",
        }  # fmt: skip
        keep_habits(person=story.people["ned"], date=story.start(5), said=said, by=user)

    story.on(5, 19, habits)
    story.screen("ned", 3, story.legs(start))


def tell_mia(story: Story) -> None:
    """Cramps of the calves at night, second week in the clinic before a whole-body lamp, each cramp written down."""
    start = story.start(13)
    wall = Part(lamp=story.lamps.wall, site="posterior_calf", side="both", target="gastrocnemius", distance_mm=300,
                start=start)  # fmt: skip
    lived = Lived(before=6, after=3.5, seed=19, scores=pain(((-11, 6), (-4, 7), (7, 5))), cramps=True,
                  felt="left leg: cramp; right leg: cramp, aching")  # fmt: skip
    story.course("mia", lambda: wall, 13, lived, by=story.by)

    def cramp(days_ago: int, seconds: float, trigger: str) -> None:
        user = story.users["mia"]
        record_spasm(
            person=story.people["mia"], date=story.start(days_ago), time=dt.time(3, 20), muscle="calf",
            seconds=seconds, pain=6.0, trigger=trigger, by=user,
        )  # fmt: skip

    for days_ago, seconds, trigger in ((20, 120, "lying in bed"), (15, 90, "lying in bed"), (3, 40, "stretching")):
        story.on(days_ago, 8, functools.partial(cramp, days_ago, seconds, trigger))


def _legs_again(start: dt.date, story: Story) -> Part:
    """One leg alone: the same light for everybody whose course is told to its end."""
    return Part(lamp=story.lamps.panel, site="posterior_calf", side="left", target="gastrocnemius", distance_mm=300,
                start=start)  # fmt: skip


def _irls(*totals: int) -> list[tuple[str, int, dict[str, float], None]]:
    """Twice before light, twice before week 6, and twice four weeks later."""
    return [
        ("irls", day, even(total, 10, 4), None) for day, total in zip((-11, -4, 35, 42, 63, 70), totals, strict=True)
    ]


def tell_ola(story: Story) -> None:
    """Restless legs, better at week 6 and kept so with one session a week, in the second week of it."""
    days_ago, later, by = 71, 13, story.by
    lived = Lived(before=7, after=2.4, seed=11, onset=21.5, felt=_CRAWLS, silent=_SILENT,
                  scores=_irls(27, 26, 12, 10, 10, 10))  # fmt: skip
    start = story.start(days_ago)
    story.course("ola", lambda: _legs_again(start, story), days_ago, lived, weeks=(6,))

    def kept_up() -> None:
        story.say("a plan with fewer sessions for Ola")
        fewer = PlanOverrides(sessions_per_week=1, weeks=6)
        why = "Better at week 6: one session a week from here on, to see whether that holds."
        legs = _legs_again(story.start(later), story)
        row = plan(story.people["ola"], legs, by, overrides=fewer, statement=why)
        story.light(row, lived, "ola")

    story.on(later + 2, 11, kept_up)


def tell_pia(story: Story) -> None:
    """Restless legs, better at week 6 and then without light: four weeks later what was gained is being lost."""
    days_ago = 71
    lived = Lived(before=7, after=2.4, seed=11, onset=21.5, felt=_CRAWLS, back=6.5, silent=_SILENT,
                  scores=_irls(27, 26, 12, 10, 21, 22))  # fmt: skip
    story.course("pia", lambda: _legs_again(story.start(days_ago), story), days_ago, lived, weeks=(6,))
    story.on(days_ago - 70, 9, lambda: propose(person=story.people["pia"], week=10, by=None))
