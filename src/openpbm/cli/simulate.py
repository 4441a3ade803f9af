"""`openpbm simulate SCENE.json`: light in a layered scene."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from openpbm.cli.terminal import print_json, progress_bar
from openpbm.errors import BadInput
from openpbm.faults import checked, shown, unusable

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
        field = transport.simulate(content, threads=threads, progress=lambda share: show(int(1000 * share), 1000))
    answer = field.to_dict()
    if as_json:
        print_json(answer)
    else:
        _print(answer)


def read_scene(path: Path) -> Any:
    """The scene of a JSON file; BadInput with one line per fault."""
    from openpbm.transport import Layer, Scene, Source, check

    try:
        raw = json.loads(path.read_text(encoding="utf-8-sig"), object_pairs_hook=_once_each)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}); give the path of a scene in JSON") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path}: cannot be read as UTF-8 JSON; give the path of a scene in JSON") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{path.name} line {error.lineno}: not valid JSON ({error.msg}); see docs/scene.md") from error
    except ValueError as error:
        raise BadInput(f"{path.name}: not valid JSON ({str(error).split(';')[0]}); see docs/scene.md") from error
    if not isinstance(raw, dict):
        raise BadInput(f"{path.name}: a scene is a JSON object with layers, source and photons; see docs/scene.md")
    faults = unusable(raw)
    if not faults:
        scene, faults = checked(raw, Scene, {"": Scene, "layers": Layer, "source": Source}, "docs/scene.md")
        if scene is not None:
            faults = check(scene)
            if not faults:
                return scene
    raise BadInput(f"{path.name}: {fault}" for fault in faults)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; ValueError when a key stands twice, of which a reader would silently keep the last."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {shown(next(key for key in keys if keys.count(key) > 1))} stands twice")
    return found


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
