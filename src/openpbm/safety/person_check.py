"""Reasons from the person: what was answered and what nobody answered, medicines, and iron in restless legs.

Medicines count by the overlap of a photosensitiser with the lamp's spectrum, and by whether they feed the complaint. An
iron test that is missing is ordered, low iron is treated; neither ever blocks a plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Literal

from openpbm.case import Case, names_somebody_else
from openpbm.device import lights_body
from openpbm.facts.conditions import IronRules, iron_rules
from openpbm.facts.lamps import Lamp, LampKind
from openpbm.facts.medicine_text import nearest_names, read_medicines
from openpbm.facts.medicines import Medicine, members_of_class
from openpbm.facts.rules import PREGNANT, Rule, computed, computed_rules, rules
from openpbm.facts.sites import body_mass_index, sites
from openpbm.facts.studies import studies_in_words
from openpbm.person import Answer, Labs, Person
from openpbm.reason import Kind, Level, Reason

__all__ = [
    "IRON_IN_QUESTION",
    "IronTest",
    "answer_reasons",
    "could_be_pregnant",
    "iron_is_low",
    "iron_reasons",
    "iron_tests",
    "is_confirmed",
    "level_without_lamp",
    "medicine_reasons",
    "state_of_test",
]

# Pregnancy is asked of everybody it could concern: not of men, nor outside these ages.
_COULD_BE_PREGNANT_YEARS = (10.0, 60.0)
# Emission of a light-emitting diode reaches about this far from its peak; a laser line less.
_HALF_BAND_NM = 25.0

# Tier 1 as where the lamp shines in its band: that is what counts until the lamp is known.
_RULE_OF_TIER = {1: "photosensitiser_in_band", 2: "photosensitiser_strong", 3: "photosensitiser_weak"}

_PROGRAMME_ROLES = {
    "worsens_rls": ("rls", "worsens_rls"),
    "dopaminergic": ("rls", "dopaminergic_augmentation"),
    "causes_neuropathy": ("neuropathy", "causes_neuropathy"),
    "causes_cramps": ("muscle_spasm", "causes_cramps"),
}
_ADULT_YEARS = 18.0

#: cautions beside which nobody can tell light from iron
IRON_IN_QUESTION = frozenset({
    "iron_unknown", "iron_low", "iron_test_missing", "iron_test_undated", "iron_test_old", "iron_test_after_start"
})  # fmt: skip

State = Literal["recent", "missing", "undated", "old", "after_start"]


def answer_reasons(case: Case) -> list[Reason]:
    """Every rule that fires on an answer or on a missing one, in the order of the tables."""
    fired = [_by_rule(rule, case) for rule in rules]
    return [*(reason for reason in fired if reason), *_required(case), *_augmented_before(case)]


def is_confirmed(case: Case) -> bool:
    """Whether somebody other than the person is named as having confirmed the diagnosis."""
    named = case.condition.confirmed_by
    return named is not None and names_somebody_else(named)


def _by_rule(rule: Rule, case: Case) -> Reason | None:
    if rule.sites and not set(rule.sites) & {choice.site for choice in case.sites}:
        return None
    if rule.lamp_kinds and not _counts_as_one_of(case.device, rule.lamp_kinds):
        return None
    answer = _answer(rule, case)
    if answer is True:
        kind: Kind = "referral" if rule.level in ("red_flag", "refer_before") else "safety"
        return _fired(rule, kind)
    if answer == "unknown" and _code(rule) in {row.finding for row in case.implications()}:
        # The diagnosis speaks of it: it is asked here even where it would only caution, or not be asked at all.
        return _not_answered(rule, "ask")
    # Whoever writes "unknown" has doubts: then a question is asked that would not have been put to this complaint.
    doubted = rule.when.finding is not None and case.person.findings.get(rule.when.finding) == "unknown"
    if answer == "unknown" and rule.if_unknown != "none" and (doubted or _is_asked(rule, case)):
        return _not_answered(rule, rule.if_unknown)
    return None


def _counts_as_one_of(lamp: Lamp, kinds: Container[LampKind]) -> bool:
    """Whether a lamp is of one of these kinds; one that lights a whole body is of that kind by whatever name."""
    return lamp.kind in kinds or ("whole_body" in kinds and lights_body(lamp))


def _code(rule: Rule) -> str | None:
    """The finding a rule asks for, as the table of implications names it."""
    return PREGNANT if rule.when.pregnant else rule.when.finding


def _answer(rule: Rule, case: Case) -> Answer:
    when, person = rule.when, case.person
    code = _code(rule)
    if code is not None and case.answer(code) is None and _diagnosis_says_yes(code, case):
        return True
    if when.finding is not None:
        return person.findings.get(when.finding, "unknown")
    if when.pregnant:
        return _pregnant(person)
    if when.age_below_years is not None:
        # An unknown age is asked for once, not once per rule.
        return person.age_years is not None and person.age_years < when.age_below_years
    assert when.skin_type_at_least is not None
    return person.skin_type is not None and person.skin_type >= when.skin_type_at_least


def _diagnosis_says_yes(code: str, case: Case) -> bool:
    return any(row.finding == code and row.silence == "yes" for row in case.implications())


def _pregnant(person: Person) -> Answer:
    if person.pregnant is not None and person.pregnant != "unknown":
        return person.pregnant
    return "unknown" if could_be_pregnant(person.sex, person.age_years) else False


def could_be_pregnant(sex: str | None, age_years: float | None) -> bool:
    """Whether pregnancy is asked of somebody of that sex and age [years]; what is not said takes no question away.

    >>> could_be_pregnant("female", 62), could_be_pregnant(None, 40), could_be_pregnant("male", None)
    (False, True, False)
    """
    youngest, oldest = _COULD_BE_PREGNANT_YEARS
    return sex != "male" and (age_years is None or youngest <= age_years <= oldest)


def _is_asked(rule: Rule, case: Case) -> bool:
    condition = case.condition.condition()
    return (
        (not rule.programmes or condition.programme in rule.programmes)
        and (not rule.conditions or condition.id in rule.conditions)
        # A sex that was not given takes no question away.
        and (not rule.sexes or case.person.sex is None or case.person.sex in rule.sexes)
    )


def _fired(rule: Rule, kind: Kind) -> Reason:
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=kind,
        message=rule.message,
        remedy=rule.remedy,
        source=rule.source,
        verified=rule.verified,
        urgency=rule.urgency,
        route=rule.route,
    )


def _not_answered(rule: Rule, level: Level) -> Reason:
    # Urgency and route belong to a yes: whoever has not answered yet is sent nowhere.
    return Reason(
        rule=rule.id,
        level=level,
        kind="missing",
        question=rule.question,
        message=f"Not answered: {rule.question} {rule.message}",
        remedy=rule.remedy,
        source=rule.source,
        verified=rule.verified,
    )


def _required(case: Case) -> list[Reason]:
    person, complaint = case.person, case.condition
    found = []
    if person.age_years is None:
        found.append(computed("age_unknown"))
    if complaint.confirmed_by is None:
        found.append(computed("diagnosis_unconfirmed"))
    elif not is_confirmed(case):
        found.append(computed("diagnosis_self_made"))
    condition = complaint.condition()
    if condition.specialist_only:
        found.append(computed("specialist_only", studies=studies_in_words(condition.id, condition.in_sentence)))
    if case.protocol is not None:
        found.append(computed("own_protocol", source=case.protocol.source))
    places = [sites[choice.site] for choice in case.sites]
    found.extend(computed("site_specialist_only", site=place.plain_name) for place in places if place.specialist_only)
    found.extend(computed("site_near_eyes", site=place.plain_name) for place in places if place.near_eyes)
    found.extend(
        computed("site_unusual", site=place.plain_name, condition=condition.in_sentence)
        for place in places
        if condition.usual_sites and place.id not in condition.usual_sites
    )
    if case.course.start_date is None:
        found.append(computed("start_date_missing"))
    if person.findings.get("baseline_diary_kept") is not True:
        found.append(computed("baseline_missing"))
    if complaint.usual_onset is None and complaint.condition().programme == "rls":
        found.append(computed("usual_onset_missing"))
    if body_mass_index(person) is None:
        found.append(computed("body_size_unknown"))
    if person.skin_type is None:
        found.append(computed("skin_type_unknown"))
    return found


def medicine_reasons(case: Case) -> list[Reason]:
    """Reasons from the list of medicines, every one in every line; a list that was not given is itself one."""
    if case.person.medications is None:
        return [computed("medications_unknown")]
    read = [read_medicines(line) for line in case.person.medications]
    taken = {named.medicine.name: named.medicine for line in read for named in line.found}.values()
    reasons = [reason for medicine in taken for reason in _reasons_from(medicine, case)]
    reasons += _vasodilation(taken)
    reasons += [computed("medicine_not_judged", name=code) for line in read for code in line.unlisted_codes]
    unknown = dict.fromkeys(name for line in read for name in line.unknown)
    return reasons + [_unknown_medicine(name) for name in unknown]


def _augmented_before(case: Case) -> list[Reason]:
    """A dopamine medicine that was stopped since it made things worse: what it did then may look like a change now."""
    stopped = [row for row in case.person.treatments or () if row.stopped_because == "augmentation"]
    names = [row.name or row.treatment.replace("_", " ") for row in stopped[:1]]
    return [computed("augmentation_before", name=f"{name[:1].upper()}{name[1:]}") for name in names]


def level_without_lamp(medicine: Medicine) -> Level:
    """How grave a medicine can be where the lamp is not known: `note` is known and nothing speaks against it."""
    if medicine.tier is not None:
        return computed_rules[_RULE_OF_TIER[medicine.tier]].level
    return "caution" if medicine.roles else "note"


def _unknown_medicine(name: str) -> Reason:
    if members := [m for m in members_of_class(name) if m.tier in (1, 2)]:
        return computed("medicine_class", name=name, members=", ".join(m.name for m in members[:6]))
    if nearest := nearest_names(name):
        return computed("medicine_misspelt", name=name, nearest=" or ".join(nearest))
    return computed("medicine_not_listed", name=name)


def _vasodilation(taken: Iterable[Medicine]) -> list[Reason]:
    widening = [medicine for medicine in taken if {"vasodilator", "anticoagulant"} & set(medicine.roles)]
    if not widening:
        return []
    names = " and ".join(medicine.name for medicine in widening)
    return [computed("vasodilation", name=names, source=widening[0].source)]


def _reasons_from(medicine: Medicine, case: Case) -> list[Reason]:
    programme = case.condition.condition().programme
    wavelengths = sorted({emitters.wavelength_nm for emitters in case.device.emitters})
    halves = [max(_HALF_BAND_NM, (emitters.bandwidth_nm or 0.0) / 2.0) for emitters in case.device.emitters]
    reaches = [
        (e.wavelength_nm - half, e.wavelength_nm + half) for e, half in zip(case.device.emitters, halves, strict=True)
    ]
    values = {"name": medicine.name.capitalize(), "source": medicine.source}
    found = []
    if medicine.tier == 1:
        assert medicine.absorbs_nm is not None
        low, high = medicine.absorbs_nm
        overlaps = any(shortest <= high and longest >= low for shortest, longest in reaches)
        found.append(
            computed(
                "photosensitiser_in_band" if overlaps else "photosensitiser_other_band",
                low=low,
                high=high,
                wavelengths=", ".join(f"{wavelength:g}" for wavelength in wavelengths),
                hold=f" ({medicine.hold})" if medicine.hold else "",
                **values,
            )
        )
    elif medicine.tier is not None:
        found.append(computed(_RULE_OF_TIER[medicine.tier], **values))
    for role, (where, rule) in _PROGRAMME_ROLES.items():
        if role in medicine.roles and programme == where:
            found.append(computed(rule, **values))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class IronTest:
    """One of the two tests: its value, its day, and what it is worth for this course."""

    name: str
    unit: str
    value: float | None
    date: dt.date | None
    state: State

    @property
    def recent_value(self) -> float | None:
        """The value where it counts."""
        return self.value if self.state == "recent" else None

    @property
    def words(self) -> str:
        """Name, value and unit.

        >>> IronTest(name="ferritin", unit="ug/l", value=22.0, date=None, state="undated").words
        'ferritin 22 ug/l'
        """
        return f"{self.name} {self.value:g} {self.unit}"


def iron_tests(case: Case) -> tuple[IronTest, IronTest]:
    """Ferritin and transferrin saturation, each in a state of its own: one says nothing about the other."""
    labs, start = case.person.labs or Labs(), case.course.start_date
    stale_after = iron_rules().stale_after_days.value
    ferritin_date, saturation_date = labs.ferritin_date or labs.date, labs.transferrin_saturation_date or labs.date
    return (
        IronTest(
            name="ferritin",
            unit="ug/l",
            value=labs.ferritin_ug_l,
            date=ferritin_date,
            state=state_of_test(labs.ferritin_ug_l is not None, ferritin_date, start, stale_after),
        ),
        IronTest(
            name="transferrin saturation",
            unit="%",
            value=labs.transferrin_saturation_percent,
            date=saturation_date,
            state=state_of_test(labs.transferrin_saturation_percent is not None, saturation_date, start, stale_after),
        ),
    )


def state_of_test(done: bool, drawn: dt.date | None, start: dt.date | None, stale_after_days: float) -> State:
    """What a test is worth for a course that begins on `start`; only `recent` counts."""
    if not done:
        return "missing"
    if drawn is None:
        return "undated"
    # Without a first day, which is asked for, the value stands as it was given.
    days = 0 if start is None else (start - drawn).days
    if days < 0:
        return "after_start"
    return "recent" if days <= stale_after_days else "old"


def iron_reasons(case: Case) -> list[Reason]:
    """Cautions about iron, for restless legs only."""
    if case.condition.condition().programme != "rls":
        return []
    tests = iron_tests(case)
    if all(test.state == "missing" for test in tests):
        return [computed("iron_unknown")]
    ferritin, saturation = (test.recent_value for test in tests)
    rules = iron_rules()
    found = []
    # Saturation first: above its limit no iron is given, and a low ferritin must not ask for any.
    if saturation is not None and saturation >= rules.tsat_no_iron_percent.value:
        found.append(computed("iron_saturation_high", saturation=saturation))
    elif iron_is_low(ferritin, saturation, rules, case.person.age_years):
        found.append(computed("iron_low", values=", ".join(test.words for test in tests if test.state == "recent")))
    elif ferritin is not None and ferritin <= rules.ferritin_intermediate_ug_l.value:
        found.append(computed("iron_intermediate", ferritin=ferritin))
    return [*found, *(_about(test) for test in tests if test.state != "recent")]


def _about(test: IronTest) -> Reason:
    """What a test that does not count lacks; a value that was given is named, never forgotten."""
    if test.state == "missing":
        return computed("iron_test_missing", name=test.name)
    day = "" if test.date is None else test.date.isoformat()
    return computed(f"iron_test_{test.state}", words=f"{test.words[:1].upper()}{test.words[1:]}", day=day)


def iron_is_low(
    ferritin_ug_l: float | None, saturation_percent: float | None, rules: IronRules, age_years: float | None
) -> bool:
    """True when either value is low for restless legs; a child's ferritin has a threshold of its own."""
    child = age_years is not None and age_years < _ADULT_YEARS
    lowest = rules.ferritin_low_child_ug_l if child else rules.ferritin_low_ug_l
    return (ferritin_ug_l is not None and ferritin_ug_l <= lowest.value) or (
        saturation_percent is not None and saturation_percent < rules.tsat_low_percent.value
    )
