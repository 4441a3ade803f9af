"""`openpbm cohort SPEC.toml`: regimens side by side in very many virtual people."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpbm.cli.terminal import print_json, progress_bar, writing

if TYPE_CHECKING:
    from openpbm.files import JsonObject

__all__ = ["cohort"]

_WIDEST = 80
_UNKNOWNS_SHOWN = 5


def cohort(
    spec: Annotated[Path, typer.Argument(help="Light, regimens and arrows in TOML (docs/mechanism.md).")],
    people: Annotated[int, typer.Option(min=20, max=10_000_000, help="Virtual people.")] = 10_000,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for people.parquet and summary.json; goes on where it stopped.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=1024, help="Processes on this machine.")] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", help="Address of a Dask scheduler whose workers compute instead.")
    ] = None,
    sobol: Annotated[
        bool, typer.Option("--sobol", help="Which unknowns carry the outcomes of the first regimen; sobol.json.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Compare regimens in virtual people in whom light works as it is said to, by weight, or not at all."""
    from openpbm.mechanism.cohort import case_verdict, read_cohort_spec, run_cohort
    from openpbm.mechanism.cohort.unknowns import sobol_as_json, sobol_indices

    asked = read_cohort_spec(spec)
    verdict = case_verdict(asked, spec.parent)
    if verdict != "allowed":
        why = "openpbm screen says why. Nothing is computed for light that nobody may have."
        typer.echo(f"{asked.case} is not allowed ({verdict}): {why}", err=True)
        raise typer.Exit(3)
    # Without a folder the people are needed for the summary alone.
    with nullcontext(out) if out is not None else _short_lived() as folder:
        try:
            with _cluster(dask), writing("--out", folder), progress_bar("computing people") as show:
                content = run_cohort(asked, people, folder, case_folder=spec.parent, workers=workers, progress=show)
        except KeyboardInterrupt:
            if out is None:
                raise
            typer.echo(f"interrupted; the same command goes on from the parts kept in {out / 'parts'}", err=True)
            raise typer.Exit(130) from None
        if sobol:
            indices = sobol_as_json(sobol_indices(asked, case_folder=spec.parent))
            (folder / "sobol.json").write_text(json.dumps(indices, indent=1) + "\n", encoding="utf-8")
            content["sobol"] = indices
    if as_json:
        print_json(content)
    else:
        _print(content, out)


@contextmanager
def _short_lived() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def _cluster(address: str | None) -> Iterator[None]:
    """Joblib's work on the workers of a Dask scheduler, where one is named."""
    if address is None:
        yield
        return
    from openpbm.errors import BadInput, Problem
    from openpbm.mechanism.optional_packages import optional_package

    distributed, joblib = optional_package("distributed", "cluster"), optional_package("joblib")
    try:
        client = distributed.Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        remedy = "start one with dask scheduler, and give its address"
        raise BadInput(Problem("--dask", address, "no scheduler answers there", remedy)) from error
    with client, joblib.parallel_config("dask"):
        yield


def _print(content: JsonObject, out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    title = f"Week 6, if: points of {content['scale']}, from {content['start']:g}, {content['people']:,} people"
    table = Table(title=title, title_justify="left", expand=True)
    table.add_column("regimen")
    for head in ("a lamp without light", "light itself", "chance of gain", "flow, %", "by warmth"):
        table.add_column(head, justify="right")
    for regimen in content["regimens"]:
        table.add_row(*_row(regimen))
    console.print(table)
    for pair in content["differences"]:
        console.print(
            f"{pair['regimen']} less {pair['less']}: light itself would do more in {100 * pair['share_better']:.0f} of "
            f"100 people, less in {100 * pair['share_worse']:.0f}."
        )
    for outcome, shares in content.get("sobol", {}).items():
        leading = "; ".join(f"{row['unknown']} {row['total']:.2f}" for row in shares[:_UNKNOWNS_SHOWN])
        console.print(f"{outcome} would rest on: {leading}.")
    for regimen in content["regimens"]:
        nothing = f"light does nothing at all in a share of {regimen['weight_null']:.2f} of the people"
        console.print(f"{regimen['name']}: {nothing}.")
    console.print(f"[bold]{content['notice']}[/bold]")
    if out is not None:
        console.print(f"Every person: {out / 'people.parquet'}. The summary: {out / 'summary.json'}")


def _row(regimen: JsonObject) -> tuple[str, ...]:
    week = regimen["scored_weeks"].index(6)
    sham, light = regimen["sham"], regimen["specific"]
    chance = "unknown" if regimen["chance_of_gain"] is None else f"{regimen['chance_of_gain']:.3f}"
    flow = next((each for each in regimen["session"] if each["name"] == "flow_percent"), None)
    seen = ("", "")
    if flow is not None:
        seen = (f"{flow['median'][0]:.2g}", f"{flow['thermal_median'][0]:.2g}")
    return (
        regimen["name"],
        f"{sham['p5'][week]:.1f} to {sham['p95'][week]:.1f}",
        f"{light['p5'][week]:+.1f} to {light['p95'][week]:+.1f}",
        chance,
        *seen,
    )
