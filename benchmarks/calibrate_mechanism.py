"""Calibrates the small model of a course on the studies that have numbers, and writes the tables that ship.

    python benchmarks/calibrate_mechanism.py [--draws 100] [--forms M5]

Needs the extra `research` (NumPyro; twenty minutes on two busy processors). Each form of dose is fitted by NUTS on all
sets; the forms are weighted by how they predict each set from the others (stacking). First the recursion is held
against the compiled one of `openpbm.response.weeks`, to 1e-9. Writes calibration.toml and course_posterior.csv of
src/openpbm/facts/data/mechanism; exit code 1 when chains disagree. `--forms` fits some alone, whose change moves no
other: the rest keep their draws and densities.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from calibration_inputs import CALIBRATED, SEED, fitted_sets, inputs_digest
from day_table import GRID, STUDIES, day_table
from jax.scipy.special import logsumexp
from numpyro.diagnostics import summary
from numpyro.infer import MCMC, NUTS, Predictive
from small_course import Course, Shape, arm_scores, set_predictions, stimulus
from stacking import stacked

from openpbm.facts.data_sets import DataSet
from openpbm.facts.mechanism import Prior, calibration, course_priors, form_weights
from openpbm.mechanism.predicted_courses import without_mediators
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import FORMS, course_scores

jax.config.update("jax_enable_x64", True)
OUT = Path(__file__).parents[1] / "src" / "openpbm" / "facts" / "data" / "mechanism"
PRIORS = course_priors()
# Spread between studies, half of the prior's variance; the other half is doubt about their mean. On placebo between
# people what is left to studies is assumed.
STUDIES_PLACEBO, STUDIES_CARRY_OVER = 0.6, 0.6
STUDIES_GAIN = PRIORS["gain"].spread / 2**0.5
# How far a printed mean may lie from any smooth course, as a share of the scale.
SCATTER = 0.03
PRIOR_DRAWS, STUDIES_PER_DRAW = 12000, 100
CHAINS, WARM_UP, KEPT = 2, 400, 500
# Of M5, whose mean over cells and vessels has several summits.
LONGER = 3


def distribution(prior: Prior) -> dist.Distribution:
    if prior.kind == "lognormal":
        return dist.LogNormal(np.log(prior.median), prior.spread)
    if prior.kind == "normal":
        return dist.Normal(prior.median, prior.spread)
    if prior.kind == "loguniform":
        return dist.LogUniform(prior.low, prior.high)
    return dist.Uniform(prior.low, prior.high)


def population() -> dict[str, jax.Array]:
    """Means over studies, spreads between them, and what all share."""
    shared = ("placebo_d", "regression", "tolerance", "half_j_cm2", "excess_ratio", "steepness", "width")
    drawn = {name: numpyro.sample(name, distribution(PRIORS[name])) for name in shared}
    drawn["placebo"] = numpyro.sample("placebo", dist.Normal(PRIORS["placebo"].median, 0.5))
    drawn["gain"] = numpyro.sample("gain", dist.Normal(0.0, STUDIES_GAIN))
    prior = PRIORS["carry_over_d"]
    drawn["log_carry_over"] = numpyro.sample("log_carry_over", dist.Normal(np.log(prior.median), prior.spread))
    drawn["placebo_studies"] = numpyro.sample("placebo_studies", dist.HalfNormal(STUDIES_PLACEBO))
    drawn["gain_studies"] = numpyro.sample("gain_studies", dist.HalfNormal(STUDIES_GAIN))
    drawn["carry_over_studies"] = numpyro.sample("carry_over_studies", dist.HalfNormal(STUDIES_CARRY_OVER))
    drawn["scatter"] = numpyro.sample("scatter", dist.HalfNormal(SCATTER))
    return drawn


def study(drawn: Mapping[str, jax.Array], normal: jax.Array) -> Course:
    """One study of the population; `normal` (3,): placebo, gain, carry-over."""
    return Course(
        placebo=drawn["placebo"] + drawn["placebo_studies"] * normal[0],
        placebo_d=drawn["placebo_d"],
        regression=drawn["regression"],
        carry_over_d=jnp.exp(drawn["log_carry_over"] + drawn["carry_over_studies"] * normal[2]),
        tolerance=drawn["tolerance"],
        gain=drawn["gain"] + drawn["gain_studies"] * normal[1],
    )


def log_likelihood(
    form: str, drawn: Mapping[str, jax.Array], normal: jax.Array, data_set: DataSet, cells: jax.Array | None = None
) -> jax.Array:
    """Of all fitted points of one set together; `normal` (4,): the study's, and its light at the target.

    cells : which row of the table of M5 are the study's cells and vessels; None, a mean over all that may be
    """
    half = drawn["half_j_cm2"]
    shape = Shape(half, half * drawn["excess_ratio"], drawn["steepness"], drawn["width"])
    points = [row for row in data_set.points if not row.part]
    printed = np.array([row.value for row in points]) / data_set.maximum
    errors = np.array([row.standard_error for row in points]) / data_set.maximum
    # The power of a normal likelihood is a wider one: a study at risk of bias is trusted as if its errors were larger.
    spread = jnp.sqrt((errors**2 + drawn["scatter"] ** 2) / data_set.trust)

    def of_dose(dose: jax.Array) -> jax.Array:
        predicted = set_predictions(study(drawn, normal), stimulus(form, dose, shape), data_set)
        return dist.Normal(predicted, spread).log_prob(printed).sum()

    if form == "M5":
        table = jnp.asarray(day_table(data_set.id, SEED))
        if cells is not None:
            return of_dose(jnp.interp(normal[3], GRID, table[cells]))
        doses = jax.vmap(lambda row: jnp.interp(normal[3], GRID, row))(table)
        return logsumexp(jax.vmap(of_dose)(doses)) - np.log(STUDIES)
    target = data_set.target
    dose = target.mw_cm2 * 60.0 * data_set.light.minutes / 1000.0 * jnp.exp(target.log_spread * normal[3])
    return of_dose(dose)


def model(form: str, sets: Sequence[DataSet]) -> None:
    drawn = population()
    for data_set in sets:
        normal = numpyro.sample(f"study {data_set.id}", dist.Normal(0.0, 1.0).expand([4]).to_event(1))
        numpyro.factor(f"points {data_set.id}", log_likelihood(form, drawn, normal, data_set))


def fitted(form: str, sets: Sequence[DataSet]) -> tuple[dict[str, jax.Array], float, int]:
    """Draws of the population, the worst split R-hat, and divergences."""
    longer = LONGER if form == "M5" else 1
    sampler = MCMC(
        NUTS(model, target_accept_prob=0.9),
        num_warmup=WARM_UP * longer,
        num_samples=KEPT * longer,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(SEED), form, sets)
    rows = summary(sampler.get_samples(group_by_chain=True))
    worst = max(float(np.max(row["r_hat"])) for row in rows.values())
    draws = {name: values for name, values in sampler.get_samples().items() if not name.startswith("study ")}
    return draws, worst, int(sampler.get_extra_fields()["diverging"].sum())


def left_out_densities(form: str) -> tuple[list[float], float]:
    """Log predictive density of each set given the others: evidence of all less evidence without it.

    Evidences are means of the likelihood over the prior, which is near enough to the posterior of so few broad sets;
    returned with them is how many draws carry that of all (Kish).
    """
    sets = fitted_sets()
    drawn = Predictive(population, num_samples=PRIOR_DRAWS)(jax.random.PRNGKey(SEED))
    normals = jax.random.normal(jax.random.PRNGKey(SEED + 1), (STUDIES_PER_DRAW, 4))
    cells = jnp.arange(STUDIES_PER_DRAW) % STUDIES

    def over_studies(one: Mapping[str, jax.Array], data_set: DataSet) -> jax.Array:
        logs = jax.vmap(lambda normal, row: log_likelihood(form, one, normal, data_set, row))(normals, cells)
        return logsumexp(logs) - np.log(STUDIES_PER_DRAW)

    logs = np.array(
        [jax.lax.map(lambda one, each=each: over_studies(one, each), drawn, batch_size=50) for each in sets]
    )
    together = logs.sum(axis=0)
    weights = np.exp(together - together.max())
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    whole = np.logaddexp.reduce(together)
    return [float(whole - np.logaddexp.reduce(together - each)) for each in logs], effective


def same_recursion() -> None:
    """Holds the recursion of JAX against the compiled one, with no mediator, on 50 people."""
    people = VirtualPeople(50, seed=4, calibrated=False)
    answer = without_mediators(people.answer(start_share=0.6))
    answer.regression_d[:] = 14.0
    sessions, days = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0), np.array([1.0, 7.0, 9.0, 28.0, 60.0])
    stimuli = np.linspace(-0.3, 1.0, 50)
    ours = course_scores(
        answer, np.repeat(stimuli[:, None], 6, axis=1), session_days=np.array(sessions), days=days, treated_until=11.0
    )
    for place in range(50):
        course = Course(*(jnp.asarray(getattr(answer, name)[place]) for name in Course._fields))
        sham, lit = arm_scores(course, jnp.asarray(stimuli[place]), sessions, days, 0.6)
        np.testing.assert_allclose(sham, ours.sham[place], atol=1e-9)
        np.testing.assert_allclose(lit, ours.total[place], atol=1e-9)


def table_rows(form: str, draws: Mapping[str, jax.Array], count: int) -> list[str]:
    """One new study for each of so many draws of the population."""
    rng = np.random.default_rng([SEED, zlib.crc32(form.encode())])
    total = draws["gain"].size
    rows = []
    for place in rng.choice(total, size=count, replace=False):
        drawn = {name: values[place] for name, values in draws.items()}
        course = study(drawn, jnp.asarray(rng.standard_normal(3)))
        values = drawn | course._asdict()
        rows.append(",".join([form, *(f"{float(values[name]):.5g}" for name in (*CALIBRATED, "scatter"))]))
    return rows


class FormResult(NamedTuple):
    """Rows of the table, log density of each set left out, and how well the chains ran."""

    rows: list[str]
    left_out: list[float]
    r_hat: float
    divergences: int


def calibrated_form(form: str, count: int) -> FormResult:
    """One form of dose on all sets, and how it predicts each from the others."""
    draws, worst, diverging = fitted(form, fitted_sets())
    scores, effective = left_out_densities(form)
    gains = np.percentile(np.asarray(draws["gain"]), [5, 50, 95])
    print(
        f"{form}: mean gain {gains.round(2)}, left out {np.round(scores, 2)}, R-hat {worst:.3f}, {effective:.0f} draws",
        flush=True,
    )
    return FormResult(table_rows(form, draws, count), scores, worst, diverging)


def shipped_form(form: str) -> FormResult:
    """What stands in the tables that ship."""
    lines = (OUT / "course_posterior.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [each for each in calibration().forms if each.form == form]
    draws = [line for line in lines if line.startswith(f"{form},")]
    # How its own chains ran is not kept apart: those of all forms are counted together.
    return FormResult(draws, list(row.left_out.values()), calibration().worst_r_hat, 0)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=100, help="of each form of dose")
    parser.add_argument("--forms", nargs="+", choices=list(FORMS), default=list(FORMS))
    options = parser.parse_args()
    same_recursion()
    trust = np.array([each.trust for each in fitted_sets()])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        fresh = pool.map(calibrated_form, options.forms, repeat(options.draws))
        by_form = dict(zip(options.forms, fresh, strict=True))
    results = [by_form[form] if form in by_form else shipped_form(form) for form in FORMS]
    worst, diverging = max(result.r_hat for result in results), sum(result.divergences for result in results)
    if len(by_form) < len(FORMS):
        diverging += calibration().divergences
    left_out = np.array([result.left_out for result in results]).T
    before = np.array([form_weights(calibrated=False)[form] for form in FORMS])
    weights, alone = stacked(left_out, trust, before), stacked(left_out, trust, np.zeros(before.size))
    write(results, weights, alone, worst, diverging)
    print(
        f"weights {weights.round(3)}, by prediction alone {alone.round(3)}; R-hat {worst:.3f}, {diverging} divergences"
    )
    return int(worst > 1.02)


def write(results: Sequence[FormResult], weights: np.ndarray, alone: np.ndarray, worst: float, diverging: int) -> None:
    """Both tables that ship."""
    rows = [row for result in results for row in result.rows]
    header = ",".join(["form", *CALIBRATED, "scatter"])
    (OUT / "course_posterior.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    sets = [each.id for each in fitted_sets()]
    rounded = np.append(weights[:-1].round(4), 1.0 - weights[:-1].round(4).sum())
    lines = [
        "# Written by benchmarks/calibrate_mechanism.py; how, stands in docs/methods/response.md.",
        "version = 1",
        f'inputs = "{inputs_digest()}"',
        f"seed = {SEED}",
        f"sets = {sets}".replace("'", '"'),
        f"worst_r_hat = {worst:.3f}",
        f"divergences = {diverging}",
    ]
    for place, (form, result) in enumerate(zip(FORMS, results, strict=True)):
        densities = ", ".join(f"{id} = {value:.3f}" for id, value in zip(sets, result.left_out, strict=True))
        lines += ["", "[[forms]]", f'form = "{form}"', f"weight = {rounded[place]:.4f}"]
        lines += [f"stacked = {alone[place]:.4f}", f"left_out = {{ {densities} }}"]
    (OUT / "calibration.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
