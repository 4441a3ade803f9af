"""The one engine of the checkpoint rules: facts in, the decision and its reasons out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpbm.errors import FactsError
from openpbm.facts.checkpoint_rules import Bound, CheckpointRule, Decision, Stage, checkpoint_rules

__all__ = ["Decided", "Fact", "apply_rules"]

Fact = bool | int | float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision, the rule that made it, and the alarms whose facts hold as well."""

    decision: Decision
    by: CheckpointRule
    also: tuple[CheckpointRule, ...]


def apply_rules(stage: Stage, facts: Mapping[str, Fact], rules: Sequence[CheckpointRule] | None = None) -> Decided:
    """The first rule of this stage that fits decides; of the rest that fit the alarms are said as well.

    Raises FactsError where a rule asks for a fact nobody gathers, or where no rule fits.

    >>> apply_rules("safety", {"red_flag": True}, [r for r in checkpoint_rules if r.id == "red_flag"]).decision
    'refer'
    """
    fitting = [rule for rule in rules or checkpoint_rules if stage in rule.stages and _fits(rule, facts)]
    if not fitting:
        raise FactsError(f"checkpoint rules: none fits stage {stage} with {dict(facts)}; add a last row without `when`")
    first, *others = fitting
    return Decided(decision=first.decision, by=first, also=tuple(rule for rule in others if rule.alarm))


def _fits(rule: CheckpointRule, facts: Mapping[str, Fact]) -> bool:
    for name, wanted in rule.when.items():
        # Read as false, a slip in the name of a fact would switch an alarm off in silence.
        if name not in facts:
            raise FactsError(
                f"checkpoint rule {rule.id}: no fact is called {name!r}; known: {', '.join(sorted(facts))}"
            )
        if not _holds(facts[name], wanted):
            return False
    return True


def _holds(fact: Fact, wanted: bool | int | float | str | tuple[str, ...] | Bound) -> bool:
    if isinstance(wanted, Bound):
        # The unknown lies within no bound: it neither fires a limit nor shows that one was kept.
        if fact is None or isinstance(fact, str):
            return False
        return (wanted.min is None or fact >= wanted.min) and (wanted.below is None or fact < wanted.below)
    if isinstance(wanted, tuple):
        return fact in wanted
    return fact == wanted
