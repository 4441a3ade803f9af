"""`openpbm tissue SITE`: what light meets under the skin of a site, as bands over people, or as scenes to simulate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.person import Person
    from openpbm.tissue import LayerOptics, TissueDraw

__all__ = ["tissue"]

# Enough that the ends of a band do not move by a percent with the draw.
_BAND_TISSUES = 4096
_PHOTONS = 100_000
_MOST_SCENARIOS = 10_000
#: The reference adult.
_AGE_YEARS, _HEIGHT_CM, _BODY_MASS_INDEX, _SKIN_TYPE = 50.0, 165.0, 25.0, 2
_PERCENTS = ("p5", "median", "p95")
_PROPERTIES = ("thickness_mm", "mu_a_per_mm", "mu_s_prime_per_mm", "mu_eff_per_mm", "g", "n")


def tissue(
    site: Annotated[str, typer.Argument(help="Body site (openpbm sites).")],
    wavelength_nm: Annotated[float, typer.Option(help="Wavelength in nm, 600-1000.")],
    skin_type: Annotated[int, typer.Option(help="Fitzpatrick's, 1 (palest) to 6 (darkest).")] = _SKIN_TYPE,
    sex: Annotated[str, typer.Option(help="female, male or other.")] = "female",
    age: Annotated[float, typer.Option(help="In years; no source ties the layers to it yet.")] = _AGE_YEARS,
    height_cm: Annotated[float | None, typer.Option(help="165 where left out.")] = None,
    weight_kg: Annotated[float | None, typer.Option(help="That of a body mass index of 25 where left out.")] = None,
    scenarios: Annotated[int, typer.Option(help="Also give that many possible tissues as scene files.")] = 0,
    seed: Annotated[int, typer.Option(help="Draws the scenarios.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Layers of a site with their optical properties in living people: 5th, 50th and 95th percentile."""
    from openpbm.facts.sites import sites
    from openpbm.tissue import draw_tissues, unverified_inputs

    _check_counts(scenarios, seed)
    # The command has the package's name.
    person = _person(skin_type=skin_type, sex=sex, age_years=age, height_cm=height_cm, weight_kg=weight_kg)
    here = sites[site]
    people = draw_tissues(here, person, count=_BAND_TISSUES, seed=0)
    answer: dict[str, Any] = {
        "layers": _layers(people.optics([wavelength_nm])),
        "targets": [
            {"structure": target.id, "depth_mm": _rounded(_percentiles(people.depth_of(target.id))[1])}
            for target in here.targets
        ],
        "unverified": list(unverified_inputs(here)),
    }
    if scenarios:
        answer["scenarios"] = _scenarios(
            draw_tissues(here, person, count=scenarios, seed=seed), wavelength_nm, seed=seed
        )
    if as_json:
        print_json(answer)
    else:
        _print(answer, f"{here.plain_name}, {wavelength_nm:g} nm")


def _check_counts(scenarios: int, seed: int) -> None:
    problems = []
    if not 0 <= scenarios <= _MOST_SCENARIOS:
        remedy = f"ask for 1 to {_MOST_SCENARIOS}, or leave it out"
        problems.append(Problem("--scenarios", scenarios, f"must lie between 0 and {_MOST_SCENARIOS}", remedy))
    if not 0 <= seed < 2**63:
        problems.append(Problem("--seed", seed, "must be at least 0 and below 2^63", "give such a number"))
    if problems:
        raise BadInput(problems)


def _person(*, skin_type: int, sex: str, age_years: float, height_cm: float | None, weight_kg: float | None) -> Person:
    """The person asked for; BadInput with every value that no person has, under the name of its option."""
    import datetime as dt

    from openpbm.case import implausible_person
    from openpbm.files import validate
    from openpbm.person import Person

    height = _HEIGHT_CM if height_cm is None else height_cm
    weight = _BODY_MASS_INDEX * (height / 100.0) ** 2 if weight_kg is None else weight_kg
    given = {
        "skin_type": skin_type,
        "sex": sex,
        "age_years": age_years,
        "height_cm": height,
        "weight_kg": weight,
    }
    person, problems = validate(given, Person, {"": Person}, "openpbm tissue --help")
    if person is not None:
        problems = [*problems, *implausible_person(person, dt.date.today())]
    if weight_kg is None:
        # It was made from the height, which is what is wrong then.
        problems = [problem for problem in problems if not problem.key.endswith("weight_kg")]
    if person is None or problems:
        raise BadInput(problems)
    return person


def _layers(optics: LayerOptics) -> list[dict[str, Any]]:
    rows = []
    for number, name in enumerate(optics.layers):
        row: dict[str, Any] = {"name": name}
        for key in _PROPERTIES:
            values = getattr(optics, key)[:, number]
            row[key] = _band(values.reshape(len(values)))
        rows.append(row)
    return rows


def _band(values: Any) -> dict[str, float | None]:
    """p5, median and p95; null for the thickness of the layer that goes on downward."""
    import math

    return {
        name: _rounded(value) if math.isfinite(value) else None
        for name, value in zip(_PERCENTS, _percentiles(values), strict=True)
    }


def _percentiles(values: Any) -> list[float]:
    import numpy as np

    if not np.isfinite(values).all():
        return [float("inf")] * 3
    return [float(value) for value in np.percentile(values, [5, 50, 95])]


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")


def _scenarios(people: TissueDraw, wavelength_nm: float, *, seed: int) -> list[dict[str, Any]]:
    optics = people.optics([wavelength_nm])
    targets = [target.id for target in people.site.targets]
    rows = []
    for number in range(people.count):
        depths = dict(zip(targets, map(_rounded, people.target_depth_mm[number].tolist()), strict=True))
        rows.append({"scene": _scene(optics, number, sorted(depths.values()), seed), "target_depth_mm": depths})
    return rows


def _scene(optics: LayerOptics, number: int, depths_mm: list[float], seed: int) -> dict[str, Any]:
    """A scene file: that tissue under a broad beam, with the fluence rate asked for at its structures."""
    layers = []
    for layer, name in enumerate(optics.layers):
        thickness = float(optics.thickness_mm[number, layer])
        last = layer == len(optics.layers) - 1
        layers.append(
            {
                "name": name,
                "thickness_mm": None if last else _rounded(thickness),
                "mu_a_per_mm": _rounded(float(optics.mu_a_per_mm[number, layer, 0])),
                "mu_s_per_mm": _rounded(float(optics.mu_s_per_mm[number, layer, 0])),
                "g": _rounded(float(optics.g[number, layer, 0])),
                "n": _rounded(float(optics.n[number, layer, 0])),
            }
        )
    return {
        "layers": layers,
        "source": {"kind": "uniform"},
        "photons": _PHOTONS,
        # Each tissue has photons of its own, so that their noise does not move all tissues the same way.
        "seed": (seed * 1_000_003 + number) % 2**63,
        "depths_mm": depths_mm,
    }


def _print(answer: dict[str, Any], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in ("layer", "", "mm", "mu_a /mm", "mu_s' /mm", "mu_eff /mm", "g", "n"):
        table.add_column(name, justify="left" if name in ("layer", "") else "right")
    for row in answer["layers"]:
        for name in _PERCENTS:
            label = row["name"] if name == "p5" else ""
            table.add_row(label, name, *(_shown(row[key][name]) for key in _PROPERTIES), end_section=name == "p95")
    console = Console()
    console.print(table)
    for target in answer["targets"]:
        console.print(f"{target['structure']}: {target['depth_mm']:.3g} mm deep")
    console.print(f"{len(answer['unverified'])} inputs not checked against their source; --json lists them")
    if "scenarios" in answer:
        console.print(f"{len(answer['scenarios'])} scenarios; --json gives their scenes")


def _shown(value: float | None) -> str:
    return "no end" if value is None else f"{value:.3g}"
