"""`openpbm simulate SCENE.json`: light in a layered scene."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openpbm.cli.terminal import print_json, progress_bar
from openpbm.errors import BadInput
from openpbm.files import read_json, unsupported_values, validate

if TYPE_CHECKING:
    from openpbm.transport import Scene

__all__ = ["read_scene", "simulate"]


def simulate(
    scene: Annotated[Path, typer.Argument(help="Scene file in JSON (docs/scene.md).")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Replaces the scene's seed.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; every core by default.")] = None,
) -> None:
    """Simulate light in a layered scene by Monte Carlo, with a standard error on every tally."""
    from openpbm import transport

    content = read_scene(scene)
    if seed is not None:
        content = replace(content, seed=seed)
    with progress_bar("light") as show:
        # The bar counts whole steps while the simulation tells a share, so a thousand of them stand in.
        field = transport.simulate(content, threads=threads, progress=lambda share: show(int(1000 * share), 1000))
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

    table = Table(title="Per launched power", title_justify="left")
    for name in ("tally", "value", "standard error"):
        table.add_column(name, justify="left" if name == "tally" else "right")
    table.add_row("specular reflectance", f"{answer['specular']:.6f}", "")
    for name in ("diffuse_reflectance", "transmittance"):
        table.add_row(name.replace("_", " "), f"{answer[name]['value']:.6f}", f"{answer[name]['standard_error']:.1e}")
    for row in answer["absorbed"]:
        table.add_row(f"absorbed in {row['layer']}", f"{row['value']:.6f}", f"{row['standard_error']:.1e}")
    for row in answer["fluence_rate"]:
        table.add_row(f"fluence rate at {row['depth_mm']:g} mm", f"{row['value']:.6f}", f"{row['standard_error']:.1e}")
    console = Console()
    console.print(table)
    console.print(
        f"energy balance error {answer['energy_balance_error']:.1e} · {answer['photons_per_second']:,.0f} photons/s"
        f" · {answer['engine']}"
    )
