"""What of several rows together cannot be so: people who appear, deviations that are standard errors."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from openpbm.evidence.table.printed_p import is_significant, z_of_p, z_of_t
from openpbm.evidence.table.rows import EvidenceTable, Fault
from openpbm.facts.study_rows import Arm, Outcome, Study

__all__ = ["people_faults", "spread_faults", "standardised_faults"]

#: Study, arm, outcome, time, measure.
_Key = tuple[str, str, str, str, str]

#: A computed z more than this times the printed one, and this far beyond it, is no other test of the same data.
_TIMES, _BEYOND = 2.0, 2.0
#: How far z of a standardised difference and z of a printed p may lie apart.
_SLACK = 0.25
#: Means this many deviations apart are not seen in pain or sleep.
_FURTHEST_APART = 3.5
#: Deviations of one scale in one study this many times apart.
_SPREAD_RATIO = 3.0
_AGAIN = "read the text again; enter a standard error under se"


def people_faults(table: EvidenceTable) -> list[Fault]:
    """People analysed who were not there: in an arm, in a study, over time."""
    arms = {arm.id: arm for arm in table.arms}
    return [
        *_same_people(table),
        *(fault for arm in table.arms for fault in _arm(arm)),
        *(fault for study in table.studies for fault in _study(study, table.arms)),
        *(fault for row in table.outcomes for fault in _counted(row, arms.get(f"{row.study}.{row.arm}"))),
        *_rising(table.outcomes),
    ]


def _same_people(table: EvidenceTable) -> Iterator[Fault]:
    """Two studies of one registration, or a study that counts those of one that is not there."""
    known = {study.id for study in table.studies}
    remedy = "name the other study in people_also_in"
    for study in table.studies:
        for other in set(study.people_also_in.split()) - known:
            yield Fault("known", "studies", study.id, "people_also_in", other, "no such study", "correct its id")
    registered = [study for study in table.studies if any(sign.isdigit() for sign in study.registration)]
    for first, second in itertools.combinations(registered, 2):
        if first.registration == second.registration and first.id not in second.people_also_in.split():
            message = f"is that of {first.id} too: the same people twice?"
            yield Fault("same_people", "studies", second.id, "registration", second.registration, message, remedy)


def _arm(arm: Arm) -> Iterator[Fault]:
    if arm.n_randomised is not None and arm.n_analysed is not None and arm.n_analysed > arm.n_randomised:
        message = f"more than the {arm.n_randomised} randomised"
        yield Fault("n_analysed", "arms", arm.id, "n_analysed", arm.n_analysed, message, "correct one of the two")


def _study(study: Study, arms: Iterable[Arm]) -> Iterator[Fault]:
    given, analysed = study.n_randomised, study.n_analysed
    remedy = "correct one of the two"
    if given is not None and analysed is not None and analysed > given:
        message = f"more than the {given} randomised"
        yield Fault("n_analysed", "studies", study.id, "n_analysed", analysed, message, remedy)
    counts = [arm.n_randomised for arm in arms if arm.study == study.id and arm.unit == "people"]
    summed = sum(count for count in counts if count is not None)
    if given is not None and summed > given:
        yield Fault("n_of_arms", "studies", study.id, "n_randomised", given, f"its arms hold {summed}", remedy)


def _counted(row: Outcome, arm: Arm | None) -> Iterator[Fault]:
    if row.n is None or arm is None or row.versus:
        return
    known = [count for count in (arm.n_randomised, arm.n_analysed) if count is not None]
    if known and row.n > max(known):
        message = f"more than the {max(known)} {arm.unit} of its arm"
        yield Fault("n_over_arm", "outcomes", row.id, "n", row.n, message, "correct one of the two")


def _rising(rows: Iterable[Outcome]) -> Iterator[Fault]:
    series: dict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
    for row in rows:
        if row.n is not None and row.weeks is not None and not row.versus:
            series[row.study, row.arm, row.outcome].append(row)
    for members in series.values():
        members.sort(key=lambda row: row.weeks or 0.0)
        for before, after in itertools.pairwise(members):
            if (after.n or 0) > (before.n or 0):
                message = f"more than the {before.n} at week {before.weeks:g}: people do not appear later"
                yield Fault("n_rises", "outcomes", after.id, "n", after.n, message, "correct one of the two")


def spread_faults(table: EvidenceTable) -> list[Fault]:
    """Standard errors entered as deviations: by the printed p, by the size of the difference, by the other rows."""
    return [*_against_p(table), *_against_each_other(table.outcomes)]


def _against_p(table: EvidenceTable) -> Iterator[Fault]:
    # Where only the total is printed, arms as equal as they can be: no other split gives a larger t.
    total = {study.id: (study.n_analysed or study.n_randomised or 0) // 2 for study in table.studies}
    people = {arm.id: arm.n_analysed or arm.n_randomised or total.get(arm.study) for arm in table.arms}
    single: dict[_Key, Outcome] = {
        _key(row, row.arm): row for row in table.outcomes if not row.versus and row.sd and row.value is not None
    }
    printed = {_key(row, row.arm)[:4]: row for row in table.outcomes if row.versus and row.p}
    for key, first in single.items():
        study, arm, outcome, when, measure = key
        for other in {row.arm for row in table.outcomes if row.study == study and row.arm > arm}:
            second = single.get((study, other, outcome, when, measure))
            if second is not None:
                test = _first(printed, (study, arm, outcome, when), (study, other, outcome, when))
                yield from _pair(first, second, people, test)


def _first(printed: dict[tuple[str, str, str, str], Outcome], *keys: tuple[str, str, str, str]) -> Outcome | None:
    return next((printed[key] for key in keys if key in printed), None)


def _key(row: Outcome, arm: str) -> _Key:
    when = row.time if row.weeks is None else f"{row.weeks:g}"
    return row.study, arm, row.outcome, when, row.measure


def _pair(first: Outcome, second: Outcome, people: dict[str, int | None], test: Outcome | None) -> Iterator[Fault]:
    assert first.value is not None
    assert second.value is not None
    assert first.sd is not None
    assert second.sd is not None
    counts = [row.n or people.get(f"{row.study}.{row.arm}") for row in (first, second)]
    apart = abs(first.value - second.value)
    pooled = math.sqrt((first.sd**2 + second.sd**2) / 2)
    if apart > _FURTHEST_APART * pooled:
        message = f"the arms would lie {apart / pooled:.1f} SD apart, more than {_FURTHEST_APART:g}: a standard error?"
        yield Fault("se_as_sd", "outcomes", first.id, "sd", first.sd, message, _AGAIN)
    elif counts[0] and counts[1] and test is not None:
        yield from _against(
            first,
            apart / math.sqrt(first.sd**2 / counts[0] + second.sd**2 / counts[1]),
            counts[0] + counts[1] - 2,
            test,
        )


def _against(row: Outcome, t: float, degrees: float, test: Outcome) -> Iterator[Fault]:
    span = z_of_p(test.p)
    if span is None:
        return
    z = z_of_t(t, degrees)
    if z > _TIMES * span[1] and z > span[1] + _BEYOND:
        message = f"gives t {t:.1f}, and p {test.p} is printed: a standard error?"
        yield Fault("se_as_sd", "outcomes", row.id, "sd", row.sd, message, _AGAIN)


def _against_each_other(rows: Iterable[Outcome]) -> Iterator[Fault]:
    groups: dict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
    for row in rows:
        if row.sd and not row.versus:
            groups[row.study, row.outcome, row.measure].append(row)
    for members in groups.values():
        widest = max(members, key=lambda row: row.sd or 0.0)
        for row in members:
            assert row.sd is not None
            assert widest.sd is not None
            if widest.sd > _SPREAD_RATIO * row.sd:
                message = f"{widest.sd / row.sd:.1f} times less than {widest.sd:g} of {widest.id}: a standard error?"
                yield Fault("sd_ratio", "outcomes", row.id, "sd", row.sd, message, _AGAIN)


def standardised_faults(table: EvidenceTable) -> list[Fault]:
    """A standardised difference and the p of the same test that disagree, for the people there were."""
    total = {study.id: study.n_analysed or study.n_randomised for study in table.studies}
    found = []
    for row in table.outcomes:
        people, span = total.get(row.study), z_of_p(row.p)
        if row.measure != "smd" or row.ci_low is not None or row.value is None or not people or span is None:
            continue
        # Arms as equal as they can be: no other split gives a larger t.
        z = z_of_t(abs(row.value) * math.sqrt(people) / 2, people - 2)
        if abs(z - min(max(z, span[0]), span[1])) > _SLACK and is_significant(row.p) is not None:
            message = f"with {people} people it gives z {z:.2f}, and p {row.p} is z {span[0]:.2f} to {span[1]:.2f}"
            found.append(
                Fault("p_of_d", "outcomes", row.id, "value", row.value, message, "keep it as printed_conflict")
            )
    return found
