"""The rules a plan is held against: what is asked, what is computed, and what a diagnosis says about findings."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from annotated_types import Ge, Le, MinLen

from openpbm.errors import FactsError
from openpbm.facts.conditions import conditions
from openpbm.facts.lamps import LampKind
from openpbm.facts.table import Table, read_list, rows_of_toml
from openpbm.reason import Reason

__all__ = [
    "PREGNANT",
    "ComputedRule",
    "IfUnknown",
    "Implication",
    "PlainNumber",
    "Rule",
    "RuleLevel",
    "Urgency",
    "When",
    "computed",
    "computed_rules",
    "finding_codes",
    "implications",
    "implied_by",
    "releasable_rules",
    "rules",
]

RuleLevel = Literal["red_flag", "refer_before", "absolute", "relative", "ask", "caution"]
Urgency = Literal["emergency", "same_day", "urgent", "routine"]
IfUnknown = Literal["ask", "relative", "caution", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """What makes a rule true. Exactly one field is set.

    finding : a screening code answered yes
    pregnant : the person is pregnant
    age_below_years : the person is younger than this [years]
    skin_type_at_least : Fitzpatrick type of the person is this or darker [1-6]
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    finding: str | None = None
    pregnant: bool = False
    age_below_years: Annotated[float, Ge(0), Le(120)] | None = None
    skin_type_at_least: Annotated[int, Ge(1), Le(6)] | None = None

    def __post_init__(self) -> None:
        # Two triggers in one row would hide which of them fired; "or" is two rows.
        chosen = (self.finding is not None, self.pregnant, self.age_below_years is not None)
        if sum((*chosen, self.skin_type_at_least is not None)) != 1:
            raise ValueError("set exactly one of finding, pregnant, age_below_years, skin_type_at_least")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One screening rule.

    `sites`, `lamp_kinds`, `programmes`, `conditions` and `sexes` are empty for "every one". `sites` and `lamp_kinds`
    restrict the rule itself (a rule about the lower back says nothing of a foot); the others restrict only the asking:
    an answer of yes fires the rule wherever it was given. `question` is a plain yes/no question, empty where a number
    in the case file answers (age, skin type).
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    level: RuleLevel
    when: When
    question: str = ""
    message: Annotated[str, MinLen(1)]
    remedy: str = ""
    source: Annotated[str, MinLen(1)]
    verified: bool = False
    # No default: whoever adds a rule must decide what not knowing means.
    if_unknown: IfUnknown
    sites: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    lamp_kinds: tuple[LampKind, ...] = ()
    urgency: Urgency | None = None
    route: str | None = None

    @property
    def text(self) -> str:
        """What a yes means and what to do about it, one after the other."""
        return f"{self.message} {self.remedy}".rstrip()

    @property
    def releasable(self) -> bool:
        """Whether a clinician may release this rule by name."""
        return self.level == "relative"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputedRule:
    """A rule whose condition is arithmetic or a look-up in code; its level, words and source are data.

    `message` and `remedy` are format strings filled with what was computed.
    `released_by_nobody`: a relative one that stays in the verdict whoever stands beside it.
    `at_the_lamp`: what to do about it at the lamp, for whoever holds it and reads no figures; "" where nothing follows.
    `in_figures`: the message speaks of doses and shares, which says how sure a plan is; nobody at a lamp can act on it.
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    level: RuleLevel
    kind: Literal["safety", "reach", "missing", "referral"]
    message: str
    remedy: str = ""
    source: str
    verified: bool = False
    if_unknown: IfUnknown = "none"
    action: str | None = None
    urgency: Urgency | None = None
    route: str | None = None
    released_by_nobody: bool = False
    at_the_lamp: str = ""
    in_figures: bool = False

    @property
    def releasable(self) -> bool:
        """Whether a clinician may release this rule by name."""
        return self.level == "relative" and not self.released_by_nobody


_FILES = ("safety/red_flags.toml", "safety/contraindications.toml", "safety/mimics.toml")

# Red flags first, then contraindications, then mimics and missing criteria.
rules: Table[Rule] = Table(
    "screening rule", lambda: [rule for name in _FILES for rule in read_list(name, "rules", Rule)]
)
computed_rules: Table[ComputedRule] = Table(
    "computed rule", rows_of_toml("safety/computed.toml", "rules", ComputedRule), unknown=FactsError
)


class PlainNumber(float):
    """A number in a sentence: nobody reads 5.3e+03 as 5,300, nor 4.1e-06 as 0.0000041."""

    def __format__(self, spec: str) -> str:
        text = super().__format__(spec)
        digits, found, exponent = text.partition("e")
        if not found or not exponent.lstrip("+-").isdigit():
            return text
        decimals = max(0, len(digits.partition(".")[2]) - int(exponent))
        return f"{float(text):,.{decimals}f}"


def computed(rule_id: str, **values: object) -> Reason:
    """The reason a computed rule gives, its message and remedy filled with `values`."""
    rule = computed_rules[rule_id]
    written = {name: PlainNumber(value) if isinstance(value, float) else value for name, value in values.items()}
    return Reason(
        rule=rule.id,
        level=rule.level,
        kind=rule.kind,
        message=rule.message.format(**written),
        remedy=rule.remedy.format(**written),
        source=rule.source.format(**values),
        verified=rule.verified,
        urgency=rule.urgency,
        route=rule.route,
        action=rule.action,
    )


@functools.cache
def finding_codes() -> tuple[str, ...]:
    """Every code that may stand under [person.findings], sorted."""
    asked = {rule.when.finding for rule in rules if rule.when.finding}
    candidacy = {item.finding for row in conditions for item in row.candidacy if item.finding}
    return tuple(sorted(asked | candidacy))


@functools.cache
def releasable_rules() -> tuple[str, ...]:
    """Ids of the rules that a clinician may release, sorted."""
    return tuple(sorted(rule.id for rule in (*rules, *computed_rules) if rule.releasable))


#: stands among the findings for `person.pregnant`, which has a key of its own
PREGNANT = "pregnant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Implication:
    """One finding that a diagnosis, or the yes to another finding, speaks of. One of `diagnosis`, `answered` is set.

    no : whether the answer no contradicts it, or can stand beside it
    silence : what it means when nobody answered: yes, since the diagnosis has answered, or a question to be asked
    """

    __pydantic_config__: ClassVar = {"extra": "forbid"}

    id: str
    diagnosis: str | None = None
    answered: str | None = None
    finding: str
    no: Literal["contradiction", "possible"]
    silence: Literal["yes", "ask"]
    source: Annotated[str, MinLen(1)]
    verified: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if (self.diagnosis is None) == (self.answered is None):
            raise ValueError(f"{self.id}: set one of diagnosis and answered")


implications: Table[Implication] = Table(
    "implication", rows_of_toml("safety/implications.toml", "implications", Implication)
)


def implied_by(
    diagnosis: str | None, programme: str | None = None, findings: Mapping[str, object] | None = None
) -> tuple[Implication, ...]:
    """The rows that hold for a complaint and for the findings answered with yes.

    programme : counts where no diagnosis is named, with what all of its diagnoses have in common

    >>> [row.finding for row in implied_by("rls_ckd")]
    ['chronic_kidney_disease', 'dialysis']
    >>> [row.finding for row in implied_by(None, "neuropathy")]
    ['neuropathy_known']
    """
    if diagnosis is not None:
        found = _of_diagnosis(diagnosis)
    else:
        found = _shared([_of_diagnosis(row.id) for row in conditions if row.programme == programme])
    answered = {code for code, answer in (findings or {}).items() if answer is True}
    return (*found, *(row for row in implications if row.answered in answered))


def _of_diagnosis(diagnosis: str) -> tuple[Implication, ...]:
    return tuple(row for row in implications if row.diagnosis == diagnosis)


def _shared(each: Iterable[tuple[Implication, ...]]) -> tuple[Implication, ...]:
    """The rows of the first diagnosis whose finding every other diagnosis implies too."""
    first, *others = list(each) or [()]
    return tuple(row for row in first if all(row.finding in {other.finding for other in rows} for rows in others))
