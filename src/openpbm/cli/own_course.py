"""What a course folder says to `openpbm respond`: the person's scores until a checkpoint, and what that says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpbm.mechanism import CheckpointStand

__all__ = ["own_course"]


def own_course(folder: Path, week: int, scale: str) -> tuple[dict[float, float], CheckpointStand]:
    """Scores of one scale by day from the first session, those before the checkpoint's day, and its stand.

    Raises BadInput for a folder that is no course.
    """
    from openpbm.course.read_course import read_course
    from openpbm.mechanism import CheckpointStand
    from openpbm.outcomes.decision import judge
    from openpbm.outcomes.measures import score_value

    course = read_course(folder)
    judgement = judge(course, week)
    phases, decided = judgement.phases, judgement.decided
    scores: dict[float, float] = {}
    for row in course.scores:
        value = score_value(row) if row.scale == scale and row.date < phases.as_of else None
        if value is not None:
            scores[float((row.date - phases.began).days)] = value
    alarms = [rule.text for rule in decided.also]
    stand = CheckpointStand(
        week=week,
        minutes_open=decided.by.minutes_open and not alarms,
        says=" ".join([decided.by.text, *alarms]),
        minutes=course.plan.session_minutes,
    )
    return scores, stand
