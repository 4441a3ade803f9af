"""Read a course folder: the released plan, and everything written down since, each problem and each doubt named."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from openpbm.course.doubles import diary_once, in_order, scores_once, sessions_once
from openpbm.course.lines import FILES, FileKind
from openpbm.course.mark import Mark
from openpbm.course.records import Course, RecordedScore, RecordedSession
from openpbm.errors import BadInput, Problem
from openpbm.facts.scales import scales
from openpbm.files import JsonObject, read_json, read_table, read_toml, suggest, validate
from openpbm.planning import AllowedPlan, load_allowed_plan
from openpbm.single_case import Masking

__all__ = ["MOST_PROBLEMS", "read_course", "read_lines"]

#: More problems than this are counted, not listed: they mostly repeat one slip.
MOST_PROBLEMS = 40


def read_course(folder: Path) -> Course:
    """Everything in a course folder (docs/course-folder.md).

    A file that is not there is empty and marked; a blank cell is unknown. The order of lines does not matter.
    Raises BadInput with every problem of every file, one a line: file, line, value, limit, remedy.

    >>> course = read_course(Path("examples/courses/published_rls"))
    >>> len(course.sessions), [row.scale for row in course.scores]
    (12, ['irls', 'irls', 'irls'])
    """
    if not folder.is_dir():
        remedy = "name the folder that holds plan.json and the diary"
        raise BadInput(Problem(key=str(folder), message="not a folder", remedy=remedy))
    problems: list[Problem] = []
    marks: list[Mark] = []
    plan = _plan(folder, problems)
    zone = course_zone(folder, problems)
    rows = {name: read_lines(folder, kind, problems, marks, zone) for name, kind in FILES.items()}
    design = _json(folder / "design.json", problems)
    key = _json(folder / "design.key.json", problems)
    masking = _masking(folder / "masking.toml", problems)
    case_report = _toml(folder / "case_report.toml", problems)
    if plan is None or problems:
        raise BadInput(_first_of(problems))
    found = [*marks, *_strangers(folder), *_lone_key(design, key)]
    return _course(plan, rows, found, design, key, masking, case_report)


def read_lines(
    folder: Path, kind: FileKind, problems: list[Problem], marks: list[Mark], zone: dt.tzinfo | None = None
) -> tuple[Any, ...]:
    """The nouns of one file in the order of its lines; one without lines gives none, and a mark where it is wanted."""
    path = folder / kind.name
    if not path.exists():
        if kind.wanted:
            marks.append(Mark(id=f"no_{path.stem}", message="not there; nothing of it is known", file=kind.name))
        return ()
    table = read_table(path, kind.table_columns, problems, zone=zone)
    if table is None:
        return ()
    blank = tuple(line.number for line in table.lines if kind.says_nothing(line))
    if blank:
        message = "nothing is written but the day; unknown, and counted as no line"
        marks.append(Mark(id=kind.blank_mark, message=message, file=kind.name, lines=blank))
    if kind.wanted and len(blank) == len(table.lines):
        marks.append(Mark(id=f"no_{path.stem}", message="holds no line; nothing of it is known", file=kind.name))
    if table.short:
        message = "cut off before the last column; the rest is taken as blank"
        marks.append(Mark(id="short_line", message=message, file=kind.name, lines=tuple(table.short)))
    return tuple(noun for noun in map(kind.read, table.lines) if noun is not None)


def course_zone(folder: Path, problems: list[Problem]) -> dt.tzinfo | None:
    """The time zone at home, `time_zone` of course.toml; None where it is not said."""
    content = dict(_toml(folder / "course.toml", problems))
    name = content.pop("time_zone", None)
    problems.extend(
        Problem(key=key, message="not known", remedy=suggest(key, ["time_zone"]), document="course.toml")
        for key in content
    )
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    from openpbm.files.time_zone import zone_names

    if not isinstance(name, str) or name not in zone_names():
        remedy = "write one such as Europe/Berlin or America/Chicago"
        problems.append(Problem("time_zone", name, "is no time zone of a place", remedy, document="course.toml"))
        return None
    return ZoneInfo(name)


def _course(
    plan: AllowedPlan,
    rows: Mapping[str, tuple[Any, ...]],
    marks: list[Mark],
    design: Mapping[str, object] | None,
    key: Mapping[str, object] | None,
    masking: Masking | None,
    case_report: Mapping[str, object],
) -> Course:
    sessions, double_sessions, session_marks = sessions_once(rows["sessions"])
    diary, left_days, diary_marks = diary_once(rows["diary"])
    scores, left_scores, score_marks = scores_once(rows["scores"])
    return Course(
        plan=plan,
        sessions=sessions,
        diary=diary,
        scores=scores,
        events=in_order(rows["events"]),
        timeline=in_order(rows["timeline"]),
        spasms=in_order(rows["spasms"]),
        guesses=in_order(rows["guesses"]),
        unblindings=in_order(rows["unblindings"]),
        treatments=rows["treatments"],
        left_out=(*left_days, *double_sessions, *left_scores),
        design=design,
        design_key=key,
        masking=masking,
        case_report=case_report,
        marks=(
            *marks,
            *session_marks,
            *diary_marks,
            *score_marks,
            *_contradictions(sessions),
            *_mixed_versions(scores),
        ),
    )


def _plan(folder: Path, problems: list[Problem]) -> AllowedPlan | None:
    try:
        return load_allowed_plan(folder / "plan.json")
    except BadInput as error:
        problems.extend(error.problems)
        return None


def _json(path: Path, problems: list[Problem]) -> JsonObject | None:
    if not path.exists():
        return None
    try:
        return read_json(path, remedy="make the file again")
    except BadInput as error:
        problems.extend(error.problems)
        return None


def _toml(path: Path, problems: list[Problem]) -> JsonObject:
    if not path.exists():
        return {}
    try:
        return read_toml(path, remedy="see docs/course-folder.md")
    except BadInput as error:
        problems.extend(error.problems)
        return {}


def _masking(path: Path, problems: list[Problem]) -> Masking | None:
    """How the lamp was masked; None where nothing is written down about it."""
    if not path.exists():
        return None
    masking, found = validate(_toml(path, problems), Masking, {"": Masking}, "docs/course-folder.md")
    problems.extend(replace(problem, document=path.name) for problem in found)
    return masking


def _first_of(problems: list[Problem]) -> list[Problem]:
    # Two readings of one cell name the same problem twice. Told by their text, since a value may have no hash.
    every = list({str(problem): problem for problem in problems}.values())
    if len(every) <= MOST_PROBLEMS:
        return every
    more = f"and {len(every) - MOST_PROBLEMS} more problems"
    return [*every[:MOST_PROBLEMS], Problem(message=more, remedy="correct these first and run again")]


def _strangers(folder: Path) -> list[Mark]:
    """A mark for each CSV file that nothing is read from: a slip in a name must not lose a diary in silence."""
    known = {kind.name for kind in FILES.values()}
    strange = sorted(path.name for path in folder.iterdir() if path.suffix.lower() == ".csv" and path.name not in known)
    message = "not a file of a course folder and not read"
    return [Mark(id="unread_file", message=f"{message}; {suggest(name, known)}", file=name) for name in strange]


def _lone_key(design: Mapping[str, object] | None, key: Mapping[str, object] | None) -> list[Mark]:
    """A mark where the sealed draw lies there without the design that it opens: nothing can be read from it."""
    if key is None or design is not None:
        return []
    message = "there without design.json, so the draw is not used; put the sealed design beside it"
    return [Mark(id="key_without_design", message=message, file="design.key.json")]


def _contradictions(sessions: Iterable[RecordedSession]) -> list[Mark]:
    found = []
    for row in sessions:
        lit = row.minutes is not None and row.minutes > 0
        if row.status == "missed" and lit:
            what = f"missed, yet {row.minutes:g} minutes"
        elif row.status != "missed" and row.minutes == 0:
            what = f"{row.status}, yet 0 minutes"
        else:
            continue
        found.append(
            Mark(
                id="status_contradicts_minutes",
                message=f"{what}; correct one of the two",
                file="sessions.csv",
                lines=(row.line,),
                dates=(row.date,),
            )
        )
    return found


def _mixed_versions(scores: Iterable[RecordedScore]) -> list[Mark]:
    versions: dict[str, set[str]] = defaultdict(set)
    for row in scores:
        versions[row.scale].add(row.version or scales[row.scale].version)
    return [
        Mark(
            id="mixed_versions",
            message=f"{name} is given in versions {' and '.join(sorted(used))}; never read them as one line",
            file="scores.csv",
        )
        for name, used in sorted(versions.items())
        if len(used) > 1
    ]
