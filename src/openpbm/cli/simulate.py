"""`openpbm simulate SCENE.json`: light in a layered scene."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json, progress_bar
from openpbm.errors import BadInput
from openpbm.files import read_json, unsupported_values, validate

if TYPE_CHECKING:
    from openpbm.transport import Scene

__all__ = ["read_scene", "simulate"]


class MethodName(StrEnum):
    """The methods by the words of the command line."""

    DISCRETE_ORDINATES = "discrete_ordinates"
    MONTE_CARLO = "monte_carlo"


def simulate(
    scene: Annotated[Path, typer.Argument(help="Scene file in JSON (docs/scene.md).")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Replaces the scene's seed.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; every core by default.")] = None,
    method: Annotated[
        MethodName | None,
        typer.Option(help="How; by default discrete ordinates where they apply, which takes milliseconds."),
    ] = None,
) -> None:
    """Simulate light in a layered scene, with an error on every tally."""
    from openpbm import transport

    content = read_scene(scene)
    if seed is not None:
        content = replace(content, seed=seed)
    with progress_bar("light") as show:
        # The bar counts whole steps while the simulation tells a share, so a thousand of them stand in.
        field = transport.simulate(
            content,
            method=None if method is None else method.value,
            threads=threads,
            progress=lambda share: show(int(1000 * share), 1000),
        )
    answer = field.to_dict()
    if as_json:
        print_json(answer)
    else:
        _print(answer)


def read_scene(path: Path) -> Scene:
    """The scene of a JSON file; BadInput with every problem."""
    from openpbm.transport import Layer, Scene, Source, check

    raw = read_json(path, remedy="see docs/scene.md", unreadable="give the path of a scene in JSON")
    problems = unsupported_values(raw)
    if not problems:
        sections = {"": Scene, "layers": Layer, "source": Source}
        scene, problems = validate(raw, Scene, sections, "docs/scene.md")
        if scene is not None:
            problems = check(scene)
            if not problems:
                return scene
    raise BadInput(problem.within(path.name) for problem in problems)


def _print(answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    by_photons = answer["photons_per_second"] is not None
    error = "standard_error" if by_photons else "error_estimate"
    table = Table(title="Per launched power", title_justify="left")
    for name in ("tally", "value", error.replace("_", " ")):
        table.add_column(name, justify="left" if name == "tally" else "right")
    table.add_row("specular reflectance", f"{answer['specular']:.6f}", "")
    tallies = [(name.replace("_", " "), answer[name]) for name in ("diffuse_reflectance", "transmittance")]
    tallies += [(f"absorbed in {row['layer']}", row) for row in answer["absorbed"]]
    tallies += [(f"fluence rate at {row['depth_mm']:g} mm", row) for row in answer["fluence_rate"]]
    for name, row in tallies:
        table.add_row(name, f"{row['value']:.6f}", f"{row[error]:.1e}")
    console = Console()
    console.print(table)
    parts = [f"energy balance error {answer['energy_balance_error']:.1e}", answer["engine"]]
    if by_photons:
        parts.insert(1, f"{answer['photons_per_second']:,.0f} photons/s")
    console.print(" · ".join(parts))
