"""What no single value shows: answers that cannot both be, unknown names, a release by nobody, a height of 68 cm."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpbm.case.case import Case, SiteChoice
from openpbm.device import check_lamp, lights_places_together
from openpbm.errors import Problem, quote
from openpbm.facts.conditions import conditions
from openpbm.facts.exposure import PlausibleSpan, plausible_spans
from openpbm.facts.lamps import Emitters, Lamp, LaserClass
from openpbm.facts.medicine_text import says_none
from openpbm.facts.rules import PREGNANT, releasable_rules
from openpbm.facts.sites import body_mass_index, sites
from openpbm.facts.studies import searches_about
from openpbm.files import suggest
from openpbm.person import Person

__all__ = ["contradictions", "implausible", "implausible_person", "names_somebody_else"]


def contradictions(case: Case) -> list[Problem]:
    """Every contradiction in a case whose single values can all be."""
    condition = _about_condition(case)
    # What a diagnosis implies and whether it refers cannot be told of one that is not in the catalogue.
    about_diagnosis = [] if condition else [*_about_implications(case), *_about_sites(case)]
    about_lamp = [
        *_about_output(case),
        *_about_pulses(case),
        *_about_modes(case),
        *(one.under("device") for one in check_lamp(case.device)),
    ]
    return [*condition, *about_diagnosis, *_about_person(case), *_about_release(case), *_about_placement(case),
            *about_lamp]  # fmt: skip


def _about_condition(case: Case) -> list[Problem]:
    given = case.condition
    clocks = {
        "condition.usual_onset": given.usual_onset,
        "person.bedtime": case.person.bedtime,
        "course.session_time": case.course.session_time,
    }
    for key, clock in clocks.items():
        if clock is not None and clock.tzinfo is not None:
            return [Problem(key, str(clock), "names a time zone", 'write the time at home as "21:30"')]
    known = {row.id: row for row in conditions}
    if given.diagnosis is None and given.programme is None:
        remedy = "add one (see docs/case-file.md)"
        return [Problem(key="condition", message="neither diagnosis nor programme is given", remedy=remedy)]
    if given.diagnosis is not None and given.diagnosis not in known:
        hint = suggest(given.diagnosis, known)
        return [Problem("condition.diagnosis", given.diagnosis, "not in the catalogue", hint)]
    if given.diagnosis and given.programme and known[given.diagnosis].programme != given.programme:
        belongs = f"{given.diagnosis} belongs to {known[given.diagnosis].programme}"
        return [Problem("condition.programme", given.programme, belongs, "leave it out")]
    return []


def _about_output(case: Case) -> list[Problem]:
    lamp = case.device
    if (lamp.last_reading is None) != (lamp.last_read_on is None):
        lacking = "last_reading" if lamp.last_reading is None else "last_read_on"
        message = "last_reading and last_read_on belong together"
        return [Problem(key=f"device.{lacking}", message=message, remedy="give both, or neither")]
    if problems := [*_two_claims(lamp), *_half_a_spread(lamp)]:
        return problems
    signed_by = lamp.reading_signed_by
    if not signed_by or names_somebody_else(signed_by):
        return []
    message = "only a clinician signs a reading"
    return [Problem("device.reading_signed_by", signed_by, message, "name the one who does, or leave it out")]


def _about_pulses(case: Case) -> list[Problem]:
    if all(emitters.pulse_frequency_hz is None for emitters in case.device.emitters):
        return []
    from openpbm.device.pulses import unequal_power_problems

    return [problem.under("device") for problem in unequal_power_problems(case.device)]


def _about_modes(case: Case) -> list[Problem]:
    lamp, mode = case.device, case.placement.mode
    if lamp.whole_emitters:
        message, remedy = "is written by openpbm", "leave it out and describe [[device.modes]]"
        return [Problem("device.whole_emitters", len(lamp.whole_emitters), message, remedy)]
    if mode is None and not lamp.modes:
        return []
    from openpbm.device.modes import chosen_mode_problems, mode_problems

    chosen = [] if mode is None else chosen_mode_problems(lamp, mode)
    return [*(problem.under("device") for problem in mode_problems(lamp)), *chosen]


def _two_claims(lamp: Lamp) -> list[Problem]:
    """Of a lamp whose output is claimed the output itself is the claim: another figure beside it would go unheard."""
    if lamp.output_status != "claimed":
        return []
    message = 'stands beside output_status = "claimed", where the output itself is the claim'
    remedy = 'leave it out, or write output_status = "measured" where a meter showed the other'
    return [
        Problem(f"device.emitters[{number}].{key}", claim, message, remedy)
        for number, emitters in enumerate(lamp.emitters)
        for key in ("claimed_power_mw", "claimed_irradiance_mw_cm2")
        if (claim := getattr(emitters, key)) not in (None, getattr(emitters, key.removeprefix("claimed_")))
    ]


def _half_a_spread(lamp: Lamp) -> list[Problem]:
    """How sure a measured output is takes both ends; of a claimed one it is not for the lamp to say."""
    problems = []
    for number, emitters in enumerate(lamp.emitters):
        ends = {"output_low": emitters.output_low, "output_high": emitters.output_high}
        given = [key for key, value in ends.items() if value is not None]
        where = f"device.emitters[{number}]"
        if len(given) == 1:
            lacking = next(key for key in ends if key not in given)
            message = f"missing beside {given[0]}"
            problems.append(Problem(f"{where}.{lacking}", message=message, remedy="give both, or neither"))
        elif given and lamp.output_status == "claimed":
            message = 'is of a measured output, and this one is "claimed"'
            problems.append(Problem(f"{where}.output_high", emitters.output_high, message, "leave both ends out"))
    return problems


def _about_placement(case: Case) -> list[Problem]:
    """A laser lights one spot and a lamp on the skin one place; no lamp lights more places than there are."""
    at_once, key = case.placement.places_at_once, "placement.places_at_once"
    if at_once == 1:
        return []
    lamp = case.device
    if not lights_places_together(lamp):
        kind = "a lamp on the skin lights one place" if lamp.contact else "a laser lights one spot"
        return [Problem(key, at_once, kind, "leave it out; several pads or heads are device.heads")]
    places = sum(2 if choice.side == "both" else 1 for choice in case.sites)
    if at_once > places:
        noun = "place is" if places == 1 else "places are"
        message = f"only {places} {noun} treated"
        on_page = f"O{message[1:]}. Correct it, or add the other places."
        return [Problem(key, at_once, message, "correct it, or list the places under [[sites]]", on_page=on_page)]
    return []


def _about_implications(case: Case) -> list[Problem]:
    """Every no beside a diagnosis, or beside another answer, that says yes."""
    problems = []
    for row in case.implications():
        key = f"person.{row.finding}" if row.finding == PREGNANT else f"person.findings.{row.finding}"
        says_yes = f"{row.answered} = true" if row.answered else f"the diagnosis {case.condition.condition().id}"
        other = "another answer" if row.answered else "the complaint"
        on_page = f"This does not fit {other}. Correct one of the two."
        message, remedy = f"contradicts {says_yes}", "correct one of the two"
        if row.no == "contradiction" and case.answer(row.finding) is False:
            problems.append(Problem(key, False, message, remedy, on_page=on_page))
        if row.finding == PREGNANT and case.person.sex == "male":
            problems.append(Problem("person.sex", "male", message, remedy, on_page=on_page))
    return problems


def _about_sites(case: Case) -> list[Problem]:
    problems = []
    seen: set[tuple[str, str]] = set()
    known = [one.id for one in sites]
    for number, choice in enumerate(case.sites):
        where = f"sites[{number}]"
        if choice.site not in known:
            # Who must see a doctor hears that, and not that this program does not light the face.
            if case.refers():
                continue
            message = " ".join(["not a known site", *(f"({search.text})" for search in searches_about(choice.site))])
            problems.append(Problem(f"{where}.site", choice.site, message, suggest(choice.site, known)))
            continue
        targets = [target.id for target in sites[choice.site].targets]
        if choice.target is not None and choice.target not in targets:
            remedy = f"choose {' or '.join(targets)}"
            problems.append(Problem(f"{where}.target", choice.target, f"not at {choice.site}", remedy))
        problems.extend(_about_measured(case, choice, where))
        sides = {"left", "right"} if choice.side == "both" else {choice.side}
        if taken := {(choice.site, side) for side in sides} & seen:
            twice = f"{choice.site} {min(taken)[1]} is listed twice"
            problems.append(Problem(key=where, message=twice, remedy="list each place once"))
        seen |= {(choice.site, side) for side in sides}
    return problems


def _about_measured(case: Case, choice: SiteChoice, where: str) -> list[Problem]:
    """Two thicknesses of one layer, or a structure below the fat that was measured inside it."""
    fat, depth = choice.fat_mm, choice.target_depth_mm
    if fat is not None and choice.skinfold_mm is not None:
        return [Problem(f"{where}.skinfold_mm", choice.skinfold_mm, "stands beside fat_mm", "give one of the two")]
    below = {target.id for target in sites[choice.site].targets if target.below_layer == "subcutis"}
    aimed = case.target_of(choice)
    if fat is not None and depth is not None and aimed in below and depth <= fat:
        message = f"lies in the fat of {fat:g} mm, and {aimed} lies below it"
        return [Problem(f"{where}.target_depth_mm", depth, message, "correct one of the two")]
    return []


def _about_person(case: Case) -> list[Problem]:
    problems = []
    if case.person.sex == "male" and case.person.pregnant is True:
        message = 'cannot be with sex = "male"'
        problems.append(Problem("person.pregnant", True, message, "correct one of the two"))
    problems.extend(
        Problem(f"person.medications[{number}]", name, "empty", "give an ingredient or an ATC code, or [] for none")
        for number, name in enumerate(case.person.medications or ())
        if not name.strip()
    )
    # Taken as a name it would be an unknown medicine; taken as the empty list it would outvote the others.
    problems.extend(
        Problem(f"person.medications[{number}]", name, "says that none is taken", _NONE_TAKEN)
        for number, name in enumerate(case.person.medications or ())
        if name.strip() and says_none(name)
    )
    return problems


_NONE_TAKEN = "leave it out; an empty list, medications = [], says that no medicine is taken"


# The person, nobody, those beside them, and what answers anybody who asks; no word that is a surname as well.
_NO_CLINICIAN = frozenset((
    "self", "me", "myself", "i", "patient", "nobody", "none", "no", "not", "unknown", "unconfirmed", "ich", "selbst",
    "niemand", "keiner", "moi", "yo", "nadie", "wife", "husband", "partner", "mother", "father", "mum", "mom", "dad",
    "parents", "daughter", "sister", "brother", "neighbour", "neighbor", "internet", "web", "online", "google",
    "wikipedia", "youtube", "reddit", "facebook", "forum", "chatgpt", "gpt", "ai", "chatbot", "bot", "alexa", "siri",
))  # fmt: skip


def names_somebody_else(named: str) -> bool:
    """Whether a name given for a clinician can be one: not the person, their family, a machine or a question mark.

    >>> names_somebody_else("family doctor"), names_somebody_else("self-diagnosed"), names_somebody_else("my wife")
    (True, False, False)
    """
    words = re.findall(r"[^\W\d_]+", named.lower())
    return bool(words) and not _NO_CLINICIAN & set(words)


def _about_release(case: Case) -> list[Problem]:
    known = releasable_rules()
    problems = [
        Problem(
            f"release.rules[{number}]",
            rule,
            "not a rule a clinician can release",
            f"{suggest(rule, known)} (all rules: openpbm screen --codes --json)",
        )
        for number, rule in enumerate(case.release.rules)
        if rule not in known
    ]
    if case.release.rules and not names_somebody_else(case.release.by or ""):
        by = quote(case.release.by) if case.release.by else "not given"
        message = f"{by}, but only a clinician releases rules"
        problems.append(Problem(key="release.by", message=message, remedy="name the one who does"))
    return problems


_LAMP_QUANTITIES = (
    "power_mw", "claimed_power_mw", "irradiance_mw_cm2", "claimed_irradiance_mw_cm2", "at_distance_mm",
    "spot_diameter_mm", "half_angle_deg", "pitch_mm",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Given:
    """One value of a case: its key, and the emitter it is of."""

    key: str
    value: float | dt.date | None
    emitters: Emitters | None = None

    @property
    def quantity(self) -> str:
        """The quantity as the table of spans names it; what is claimed has the span of what is measured."""
        return self.key.rsplit(".", 1)[-1].removeprefix("claimed_")


def implausible(case: Case, today: dt.date) -> list[Problem]:
    """Every value outside its span that nobody has confirmed by name, and names that confirm nothing."""
    age, laser_class = case.person.age_years, case.device.laser_class
    found = [
        _problem(given, span)
        for given in (*_given_of(case.person), *_given_beside(case))
        for span in plausible_spans()
        if _is_of(span, given, age, laser_class) and _outside(given.value, span, today) and not _confirmed(span, case)
    ]
    return [*_said_once(found), *_measured_slips(case), *_names_nobody_knows(case)]


def _measured_slips(case: Case) -> list[Problem]:
    """Fat and depth that hardly anybody of this size has there: a slip of the pen would be taken as measured."""
    if all(one.fat_mm is one.skinfold_mm is one.target_depth_mm is None for one in case.sites):
        return []
    from openpbm.case.measured import measured_spans

    return [
        _problem(_Given(key, value), span)
        for key, value, span in measured_spans(case)
        if not span.low <= value <= span.high and not _confirmed(span, case)
    ]


def implausible_person(person: Person, today: dt.date) -> list[Problem]:
    """Every value of a person outside its span, where there is no case to confirm it in."""
    found = [
        _problem(given, span).for_page()
        for given in _given_of(person)
        for span in plausible_spans()
        if _is_of(span, given, person.age_years, None) and _outside(given.value, span, today)
    ]
    return _said_once(found)


def _said_once(found: Sequence[Problem]) -> list[Problem]:
    """Where height or weight is asked about, their ratio only says the same again."""
    if any(problem.confirm in ("height_cm", "weight_kg") for problem in found):
        return [problem for problem in found if problem.confirm != "body_mass_index"]
    return list(found)


def _given_of(person: Person) -> Iterator[_Given]:
    labs = person.labs
    yield _Given("person.age_years", person.age_years)
    yield _Given("person.height_cm", person.height_cm)
    yield _Given("person.weight_kg", person.weight_kg)
    yield _Given("person.body_mass_index", body_mass_index(person))
    if labs is not None:
        yield _Given("person.labs.ferritin_ug_l", labs.ferritin_ug_l)
        yield _Given("person.labs.transferrin_saturation_percent", labs.transferrin_saturation_percent)
        yield _Given("person.labs.date", labs.date)
        yield _Given("person.labs.ferritin_date", labs.ferritin_date)
        yield _Given("person.labs.transferrin_saturation_date", labs.transferrin_saturation_date)
    for number, row in enumerate(person.workup):
        yield _Given(f"person.workup[{number}].date", row.date)


def _given_beside(case: Case) -> Iterator[_Given]:
    yield _Given("course.start_date", case.course.start_date)
    yield _Given("placement.distance_mm", case.placement.distance_mm)
    yield _Given("device.default_distance_mm", case.device.default_distance_mm)
    for number, emitters in enumerate(case.device.emitters):
        for quantity in _LAMP_QUANTITIES:
            yield _Given(f"device.emitters[{number}].{quantity}", getattr(emitters, quantity), emitters)
    yield from _given_of_mode(case)


def _given_of_mode(case: Case) -> Iterator[_Given]:
    """The output in the mode that is chosen: a share of one may be written where percent was meant."""
    lamp, name = case.device, case.placement.mode
    at = next((number for number, mode in enumerate(lamp.modes) if mode.name == name), None)
    if name is None or at is None:
        return
    from openpbm.device.modes import in_mode

    for emitters in in_mode(lamp, name).emitters:
        for quantity in ("power_mw", "irradiance_mw_cm2"):
            yield _Given(f"device.modes[{at}].{quantity}", getattr(emitters, quantity), emitters)


def _is_of(span: PlausibleSpan, given: _Given, age_years: float | None, laser_class: LaserClass | None) -> bool:
    """Whether a span speaks of this value in a person of this age or in this emitter."""
    if span.quantity != given.quantity or given.value is None:
        return False
    # Somebody whose age is not known counts as grown, which asks about more.
    if span.below_age_years is not None and (age_years is None or age_years >= span.below_age_years):
        return False
    if span.from_age_years is not None and age_years is not None and age_years < span.from_age_years:
        return False
    if given.emitters is not None and span.emits is not None:
        is_laser = given.emitters.spot_diameter_mm is not None
        return is_laser == (span.emits == "laser") and span.laser_class in (None, laser_class)
    return True


def _outside(value: float | dt.date | None, span: PlausibleSpan, today: dt.date) -> bool:
    if isinstance(value, dt.date):
        latest = today + dt.timedelta(days=round(365.25 * span.high))
        return not dt.date(int(span.low), 1, 1) <= value <= latest
    return value is not None and not span.low <= value <= span.high


def _confirmed(span: PlausibleSpan, case: Case) -> bool:
    if span.quantity not in case.confirm.values:
        return False
    # What somebody alone says a clinician confirmed lifts nothing, as with a reading that is signed.
    by_clinician = case.course.supervision == "clinician" and names_somebody_else(case.confirm.by or "")
    return span.confirmed_by == "person" or by_clinician


def _problem(given: _Given, span: PlausibleSpan) -> Problem:
    # A ratio of two values has digits that nobody wrote.
    value = given.value.isoformat() if isinstance(given.value, dt.date) else round(given.value or 0.0, 4)
    usual = f"{span.low:g} to {span.high:g} {span.unit}"
    if span.is_date:
        usual = f"{span.low:g} to {span.high:g} years from now"
    written = f'in the case: [confirm] values = ["{span.quantity}"]'
    remedy = f"correct it, or confirm it {written}"
    if span.confirmed_by == "clinician":
        remedy = f'correct it, or a clinician who stands beside the course confirms it {written}, by = "who"'
    return Problem(
        given.key,
        value,
        f"outside of {usual}. {span.ask}",
        remedy,
        confirm=span.quantity if span.confirmed_by == "person" else "",
        on_page=_on_page(span, usual),
    )


def _on_page(span: PlausibleSpan, usual: str) -> str:
    """What a page says, where distances are measured with a ruler in cm and nothing of a lamp is confirmed."""
    ask = span.ask
    if span.quantity.endswith("distance_mm"):
        usual, ask = f"{span.low / 10:g} to {span.high / 10:g} cm", "Is this the distance in centimetres?"
    way_on = "Correct it." if span.confirmed_by == "person" else "Correct it, or ask your clinic."
    return f"Outside of {usual}. {ask} {way_on}"


def _names_nobody_knows(case: Case) -> list[Problem]:
    known = tuple(dict.fromkeys(span.quantity for span in plausible_spans()))
    return [
        Problem(f"confirm.values[{number}]", name, "no value that can be confirmed", suggest(name, known))
        for number, name in enumerate(case.confirm.values)
        if name not in known
    ]
