"""`openpbm plan CASE.toml`: the main job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openpbm.cli.terminal import print_json, progress_bar
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    from openpbm.case import Case
    from openpbm.planning import Plan, PlanOverrides

__all__ = ["plan"]

DEFAULT_FOLDER = Path("openpbm-plan")


def _print_schema(wanted: bool) -> None:
    if not wanted:
        return
    from openpbm.planning import plan_schema

    print_json(plan_schema())
    raise typer.Exit


def plan(
    case: Annotated[Path, typer.Argument(help="Case file in TOML (docs/case-file.md).")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder for plan, report, home sheet and pictures.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**31 - 1, help="Same seed, same plan.")] = 1,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads; every core by default.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute light again, keep none.")] = False,
    minutes: Annotated[
        float | None, typer.Option("--minutes", help="Minutes at one place, in place of those it would choose.")
    ] = None,
    per_week: Annotated[int | None, typer.Option("--per-week", help="Sessions a week, likewise.")] = None,
    weeks: Annotated[int | None, typer.Option("--weeks", help="Weeks, likewise.")] = None,
    schema: Annotated[
        bool,
        # Eager, so that it asks for no case file.
        typer.Option("--schema", is_eager=True, callback=_print_schema, help="Print the schema of plan.json."),
    ] = False,
) -> None:
    """Plan a course of light: screened, dosed at the target, inside the limits; or say why not."""
    from openpbm.case import read_case
    from openpbm.planning import PlanOverrides

    # The cheap mistakes first: a wrong number or folder is said before any light is computed.
    overrides = PlanOverrides(minutes=minutes, sessions_per_week=per_week, weeks=weeks)
    folder = out if out is not None or as_json else DEFAULT_FOLDER
    if folder is not None:
        _check_folder(folder)
    answer = _make(read_case(case), overrides, seed, threads, fresh)
    if folder is not None:
        from openpbm.report import publish

        publish(answer, folder)
    if as_json:
        print_json(answer.to_json_dict())
    else:
        from openpbm.cli.summary import print_plan

        print_plan(answer, folder)
    raise typer.Exit(0 if answer.verdict == "allowed" else 3)


def _make(case: Case, overrides: PlanOverrides, seed: int, threads: int | None, fresh: bool) -> Plan:
    from platformdirs import user_cache_path

    from openpbm.planning import make_plan
    from openpbm.safety import screen

    # In the user's own cache and not beside the case, because the same light serves other plans as well.
    keep_in = None if fresh else user_cache_path("openpbm") / "light"
    with progress_bar("computing light") as show:
        return make_plan(screen(case), overrides=overrides, seed=seed, keep_in=keep_in, threads=threads, progress=show)


def _check_folder(folder: Path) -> None:
    """Say so before any light is computed when the folder cannot be one, or holds what a plan would replace."""
    from openpbm.report.publish import PLAN_FILES, refuse_foreign_files

    for part in (folder, *folder.parents):
        if part.exists():
            if not part.is_dir():
                raise BadInput(Problem(key=f"--out {folder}", message=f"{part} is a file", remedy="name a folder"))
            break
    refuse_foreign_files(folder, PLAN_FILES)
