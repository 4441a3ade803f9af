"""A pool as a person reads it: a sentence, a table of the studies, and the numbers below it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from openpbm.evidence import Part, PoolAnswer, Sensitivity, Subgroups
    from openpbm.evidence.pool import NetworkPool

__all__ = ["pool_sentence", "print_network", "print_parts", "print_pool"]

_MODELS = {
    "reml": "random effects (REML)",
    "dl": "random effects (DerSimonian-Laird)",
    "pm": "random effects (Paule-Mandel)",
    "fixed": "fixed effect (inverse variance)",
}


def print_pool(answer: PoolAnswer) -> None:
    """Print the answer on standard output."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.print(pool_sentence(answer), style="bold")
    console.print(_studies(answer))
    if len(answer.terms) > 1:
        console.print(_moderators(answer))
    _print_heterogeneity(console, answer)
    for caution in answer.cautions:
        console.print(f"- {caution}")


def pool_sentence(answer: PoolAnswer) -> str:
    """The pool in one sentence."""
    fit, count = answer.fit, len(answer.data.names)
    how = _MODELS[fit.model]
    if fit.knapp_hartung:
        how += ", Knapp-Hartung"
    if fit.knapp_hartung and answer.request.floor:
        how += " with floor"
    if len(answer.terms) > 1:
        columns = ", ".join(moderator.column for moderator in answer.data.moderators)
        return f"{count} studies, {answer.effect_words} explained by {columns}; {how}."
    low, high = fit.interval[0, 0]
    sentence = (
        f"{count} studies: {answer.effect_words} {_shown(fit.coefficients[0, 0])}"
        f" ({_percent(answer)} interval {_shown(low)} to {_shown(high)}, p {_p(fit.p_values[0, 0])}); {how}."
    )
    return sentence + _as_ratio(answer)


def _as_ratio(answer: PoolAnswer) -> str:
    words = answer.effect_words
    if not words.startswith("log "):
        return ""
    low, high = answer.fit.interval[0, 0]
    value = answer.fit.coefficients[0, 0]
    return f" As a {words.removeprefix('log ')}: {_exp(value)} ({_exp(low)} to {_exp(high)})."


def _studies(answer: PoolAnswer) -> Table:
    from rich.table import Table

    table = Table("study", "effect", f"{_percent(answer)} interval", "weight %")
    half = _normal_half(answer.request.level)
    rows = zip(
        answer.data.names,
        answer.data.values,
        answer.data.variances,
        answer.fit.weight_percent[0],
        strict=True,
    )
    for name, value, variance, weight in rows:
        reach = half * math.sqrt(variance)
        table.add_row(name, _shown(value), f"{_shown(value - reach)} to {_shown(value + reach)}", f"{weight:.1f}")
    return table


def _normal_half(level: float) -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf((1.0 + level) / 2.0)


def _moderators(answer: PoolAnswer) -> Table:
    from rich.table import Table

    fit = answer.fit
    table = Table("term", "estimate", "standard error", f"{_percent(answer)} interval", "p")
    for place, name in enumerate(answer.terms):
        low, high = fit.interval[0, place]
        table.add_row(
            name,
            _shown(fit.coefficients[0, place]),
            _shown(fit.standard_errors[0, place]),
            f"{_shown(low)} to {_shown(high)}",
            _p(fit.p_values[0, place]),
        )
    return table


def _print_heterogeneity(console: Console, answer: PoolAnswer) -> None:
    fit = answer.fit
    left = "left unexplained: " if len(answer.terms) > 1 else ""
    console.print(
        f"Between studies, {left}tau2 {_shown(fit.tau2[0])}{_tau2_interval(answer)}, I2 {fit.i2_percent[0]:.1f} %,"
        f" Q {fit.q[0]:.2f} with {fit.degrees_of_freedom[0]:.0f} degrees of freedom (p {_p(fit.q_p[0])})."
    )
    if answer.r2_percent is not None:
        console.print(
            f"The moderators explain {answer.r2_percent:.1f} % of tau2 (test of all: p {_p(fit.omnibus_p[0])})."
        )
    if math.isfinite(fit.prediction[0, 0]):
        low, high = fit.prediction[0]
        console.print(f"A new study is expected from {_shown(low)} to {_shown(high)} ({_percent(answer)} prediction).")


def _tau2_interval(answer: PoolAnswer) -> str:
    if answer.tau2_interval is None:
        return ""
    low, high = answer.tau2_interval
    return f" ({_percent(answer)} {_shown(low)} to {_shown(high)})"


def _percent(answer: PoolAnswer) -> str:
    return f"{100 * answer.request.level:g} %"


def _shown(value: float) -> str:
    return f"{value:.3g}"


def _exp(value: float) -> str:
    return _shown(math.exp(min(value, 700.0)))


def _p(value: float) -> str:
    return "below 0.0001" if value < 0.0001 else f"{value:.4f}"


def print_parts(pulls: Sensitivity | None, groups: Subgroups | None) -> None:
    """Print the pool without each study, and the groups of studies apart, where they were asked for."""
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    if pulls is not None:
        console.print(_parts("without", pulls.without))
    if pulls is not None and pulls.egger_p is not None:
        console.print(
            f"Small studies: Egger's test p {_p(pulls.egger_p)}; effect at no error {_shown(pulls.limit or 0.0)}"
            f" ({pulls.limit_method})."
        )
    if groups is not None:
        console.print(_parts(groups.column, groups.parts))
        console.print(f"Test that the groups agree: Q {groups.q_between:.2f}, p {_p(groups.p)}.")


def _parts(heading: str, parts: tuple[Part, ...]) -> Table:
    from rich.table import Table

    table = Table(heading, "studies", "effect", "interval", "tau2", "I2 %")
    for part in parts:
        low, high = part.interval
        between = f"{_shown(low)} to {_shown(high)}"
        table.add_row(
            part.name, str(part.k), _shown(part.estimate), between, _shown(part.tau2), f"{part.i2_percent:.1f}"
        )
    return table


def print_network(network: NetworkPool) -> None:
    """Print every treatment against the reference, and how far the comparisons disagree."""
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    table = Table(f"against {network.reference}", "effect", "standard error", "95 % interval")
    for name, effect, error in zip(network.treatments, network.effects, network.standard_errors, strict=True):
        reach = 1.959963984540054 * float(error)
        table.add_row(name, _shown(effect), _shown(error), f"{_shown(effect - reach)} to {_shown(effect + reach)}")
    console.print(table)
    console.print(
        f"Between studies and ways round: Q {network.q:.2f} with {network.degrees_of_freedom} degrees of freedom,"
        f" I2 {network.i2_percent:.1f} %, tau2 {_shown(network.tau2)}."
    )
