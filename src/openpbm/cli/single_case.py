"""`openpbm single-case DATA.csv` and `openpbm single-case design`: a person's series, and the draw sealed before it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from openpbm.cli import sealed_draw
from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

if TYPE_CHECKING:
    import datetime as dt

__all__ = ["app"]

_INDICES = (
    ("nap", "share of pairs in which B is better"),
    ("tau", "pairs better less pairs worse"),
    ("tau_u", "tau less the trend of A"),
    ("tau_bc", "tau with the slope of A taken away"),
    ("pnd", "B points better than the best A"),
    ("pem", "B points better than the median of A"),
    ("pand", "points left once the overlap is removed"),
    ("ird", "improvement rate difference"),
)


class _FileOrDesign(TyperGroup):
    """A first word that names no command is the file to analyse, so that the command needs no word of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["analyse", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_FileOrDesign,
    no_args_is_help=True,
    help="One person's series: `openpbm single-case DATA.csv --better lower|higher` says how far the days with"
    " treatment lie from those before; `openpbm single-case design` draws the start or the order by lot beforehand."
    " The word analyse may be left out (write ./design for a file of that name).",
)

app.command("verify")(sealed_draw.verify)
app.command("code-sheet")(sealed_draw.code_sheet)


@app.command("analyse")
def analyse(
    data: Annotated[
        Path, typer.Argument(help="CSV with columns phase (A|B), value and, if wanted, time, case; or a folder.")
    ],
    better: Annotated[Literal["lower", "higher"], typer.Option(help="Which way is better on this scale.")],
    start_points: Annotated[
        str | None,
        typer.Option(metavar="FROM:TO", help="Starts that could have been drawn: place of the first B, from 1."),
    ] = None,
    model: Annotated[
        Literal["ar1"] | None,
        typer.Option(help="Also the change of level with noise that carries over from day to day (REML)."),
    ] = None,
    scribe: Annotated[
        Path | None,
        typer.Option(metavar="FILE.md|FILE.json", help="Write a report in the order of SCRIBE 2016, blanks named."),
    ] = None,
    design_file: Annotated[
        Path | None, typer.Option("--design", metavar="DESIGN.json", help="The sealed design, for that report.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Overlap, slopes, two straight lines and, where the start was drawn by lot, the exact test."""
    from openpbm.cli.series_file import read_cases
    from openpbm.single_case import analyse as run

    limits = read_start_points(start_points) if start_points is not None else None
    if scribe is not None:
        _check_places(scribe, option="--scribe", already="is already there")
    answer = run(read_cases(data), better, limits, ar1=model == "ar1").to_dict()
    if scribe is not None:
        _write_scribe(scribe, answer, design_file)
    if as_json:
        print_json(answer)
    else:
        _print(data.name, answer)


@app.command("design")
def design(
    kind: Annotated[
        Literal["start", "blocks"],
        typer.Option(help="Draw the day treatment starts, or the order of active and sham in pairs of periods."),
    ],
    first_day: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="First day of the baseline; it is day 1.")],
    baseline_days: Annotated[int, typer.Option(help="Days of baseline at least.")] = 14,
    start_points: Annotated[
        str | None,
        typer.Option(metavar="FROM:TO", help="start: days on which treatment may begin; by default the next 20."),
    ] = None,
    pairs: Annotated[int | None, typer.Option(help="blocks: pairs of periods; 5 or more can reach p 0.05.")] = None,
    days_per_period: Annotated[int | None, typer.Option(help="blocks: days of each period.")] = None,
    analysis_week: Annotated[
        int | None, typer.Option(help="Week after the (earliest) start in which the one analysis is made.")
    ] = None,
    blinded: Annotated[
        bool | None,
        typer.Option("--blinded/--open", help="Hide the draw in a key file; by default for blocks alone."),
    ] = None,
    half_life: Annotated[
        float | None,
        typer.Option(
            "--half-life",
            min=0.0,
            max=60.0,
            metavar="DAYS",
            help="Days in which an effect comes, and after the lamp goes, by half; asked where it is not given.",
        ),
    ] = None,
    washout_days: Annotated[
        int | None,
        typer.Option(min=0, help="blocks: first days of each period left out; by default two half-lives."),
    ] = None,
    effect: Annotated[float, typer.Option(min=0.0, help="Effect to be found, in points.")] = 1.5,
    day_sd: Annotated[float, typer.Option(min=0.01, help="What a single day scatters, in points.")] = 2.0,
    autocorrelation: Annotated[float, typer.Option(min=0.0, max=0.95, help="Of one day to the next.")] = 0.3,
    target_power: Annotated[float, typer.Option(min=0.1, max=0.99, help="Power the proposals are to reach.")] = 0.8,
    power_only: Annotated[bool, typer.Option("--power-only", help="Show the power and draw nothing.")] = False,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Decides the draw; by default unguessable. It is written down.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the design goes; never over an older one.")] = Path("design.json"),
    today: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day of the draw; by default the computer's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The design as JSON alone on standard output.")] = False,
) -> None:
    """Show what the design can find, then draw by lot before the baseline and seal the draw for good."""
    import datetime as dt
    import secrets

    from openpbm.cli.design_power import asked_half_life, power_of_design, print_power
    from openpbm.single_case import DesignRequest, People, request_problems, seal, usual_washout

    _check_is_file(out)
    key_file = out.with_name(f"{out.stem}.key{out.suffix or '.json'}")
    hidden = blinded if blinded is not None else kind == "blocks"
    _check_places(out, key_file)
    starts = read_start_points(start_points) if start_points is not None else None
    if kind == "start" and starts is None:
        starts = (baseline_days + 1, baseline_days + 20)
    people = People(
        day_sd=day_sd, autocorrelation=autocorrelation, half_life_days=asked_half_life(half_life, quiet=as_json)
    )
    if washout_days is None and kind == "blocks" and days_per_period is not None:
        washout_days = max(0, usual_washout(people.half_life_days, days_per_period))
    request = DesignRequest(
        kind=kind,
        first_day=_read_day("--first-day", first_day),
        made_on=_read_day("--today", today) if today is not None else dt.date.today(),
        blinded=hidden,
        baseline_days=baseline_days,
        start_points=starts,
        pairs=pairs,
        days_per_period=days_per_period,
        analysis_week=analysis_week,
        half_life_days=people.half_life_days,
        washout_days=washout_days or 0,
    )
    problems = request_problems(request)
    if problems:
        raise BadInput(problems)
    power = power_of_design(request, people, effect, target_power)
    if not as_json:
        print_power(power)
    if not power_only and not as_json and power["power"] < target_power and sys.stdin.isatty():
        typer.confirm("Draw and seal it all the same?", abort=True)
    if power_only:
        if as_json:
            print_json(power)
        return
    # A fresh nonce even with a chosen seed: nobody may find the draw by trying seeds against the commitment.
    content, key = seal(request, seed=secrets.randbits(63) if seed is None else seed, nonce=secrets.token_hex(32))
    if key is not None:
        # First, since a design without its key can never be opened.
        _write_new(key_file, key)
    _write_new(out, content)
    if as_json:
        print_json({**content, "power": power})
    else:
        _print_design(content, out, key_file if key is not None else None)


def _check_is_file(out: Path) -> None:
    # A folder, "." and "" (which is "." too) name no file; of those the key file's name cannot even be made.
    if not out.name or out.is_dir():
        raise BadInput(
            Problem(
                key=f"--out {out}",
                message="a folder, not a file",
                remedy=f"name a new file in it, such as {out / 'design.json'}",
            )
        )


def _write_scribe(file: Path, answer: Mapping[str, object], design_file: Path | None) -> None:
    from openpbm.report.scribe import scribe_items, scribe_markdown

    items = scribe_items(answer, None if design_file is None else _read_design(design_file))
    text = scribe_markdown(items)
    if file.suffix.casefold() == ".json":
        content = {"format": "openpbm-scribe-1", "items": [item.to_dict() for item in items]}
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    file.write_text(text, encoding="utf-8", newline="\n")


def _read_design(file: Path) -> Mapping[str, Any]:
    from openpbm.files import read_json

    remedy = "give the file that openpbm single-case design wrote"
    content = read_json(file, remedy=remedy)
    needed = {"kind", "blinded", "made_on", "first_day", "last_day", "baseline_days", "smallest_p", "commitment"}
    if content.get("format") != "openpbm-design-1" or needed - content.keys():
        raise BadInput(Problem(message="no design that was sealed", remedy=remedy, document=file.name))
    return content


def _check_places(
    *files: Path, option: str = "--out", already: str = "is already there and may be a sealed draw"
) -> None:
    problems = [
        Problem(key=option, message=f"{file} {already}", remedy="name another file") for file in files if file.exists()
    ]
    problems += [
        Problem(key=f"{option} {file}", message=f"no folder {file.parent}", remedy="make it first")
        for file in files[:1]
        if not file.parent.is_dir()
    ]
    if problems:
        raise BadInput(problems)


def _read_day(option: str, text: str) -> dt.date:
    from openpbm.files import iso_date

    day = iso_date(text)
    if day is None:
        raise BadInput(
            Problem(
                key=f"{option} {text}",
                message="not a day between 1900 and 2199 that exists",
                remedy="write it as YYYY-MM-DD",
            )
        )
    return day


def _write_new(file: Path, content: Mapping[str, object]) -> None:
    try:
        # Exclusive: a file that came after the check above may be somebody's sealed draw.
        with file.open("x", encoding="utf-8") as opened:
            opened.write(json.dumps(content, indent=2) + "\n")
    except OSError as error:
        raise BadInput(
            Problem(key="--out", message=f"{file} cannot be written ({error.strerror})", remedy="name another place")
        ) from error


def _print_design(content: Mapping[str, Any], out: Path, key_file: Path | None) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    console.print(f"Drawn and sealed on {content['made_on']}: {out}", style="bold")
    console.print(f"Baseline from {content['first_day']}, {content['baseline_days']} days at least.")
    if content["kind"] == "start":
        first, last = content["start_points"]
        console.print(f"Treatment begins on one of the days {first} to {last}.")
        if key_file is None:
            console.print(f"Drawn: day {content['start_index']}, {content['start_day']}.")
    # A hidden draw lists its periods but not what comes in which.
    for period, treatment in zip(
        content.get("periods", []), content.get("treatments", [""] * len(content.get("periods", []))), strict=True
    ):
        console.print(
            f"  period {period['number']} (pair {period['pair']}): {period['first_day']} to {period['last_day']}"
            f" {treatment}".rstrip()
        )
    console.print(
        f"Smallest p of its test: {content['smallest_p']:.3g}; analysed once, in week"
        f" {content['analysis_week']}, with the days up to {content['last_day']}."
    )
    console.print(f"Commitment: {content['commitment']}")
    if key_file is not None:
        console.print(
            f"The draw is in {key_file}: give it to whoever sets the lamp, and keep it from the person treated."
        )
    for note in content["notes"]:
        console.print(f"- {note}")


def read_start_points(text: str) -> tuple[int, int]:
    """FROM:TO as two whole numbers, BadInput for anything else.

    >>> read_start_points("15:34")
    (15, 34)
    """
    found = re.fullmatch(r"\s*([0-9]{1,6})\s*:\s*([0-9]{1,6})\s*", text)
    if found is None or not 2 <= int(found[1]) <= int(found[2]):
        raise BadInput(
            Problem(
                key=f"--start-points {text}",
                message="must be FROM:TO, both from 2 and FROM not after TO",
                remedy="write 15:34",
            )
        )
    return int(found[1]), int(found[2])


def _print(name: str, answer: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    n, cases = answer["n"], answer["cases"]
    many = f", {len(cases)} cases" if len(cases) > 1 else ""
    console.print(
        f"{name}: {n['A']} days before (A), {n['B']} with treatment (B), {answer['missing']} missing{many};"
        f" {answer['better']} is better",
        style="bold",
    )
    table = Table("overlap", "", "what it is", title_justify="left")
    for key, words in _INDICES:
        interval = answer.get(f"{key}_interval_90")
        between = "" if interval is None else f"; 90 % interval {_shown(interval[0])} to {_shown(interval[1])}"
        table.add_row(key, _shown(answer[key]), f"{words}{between}")
    console.print(table)
    for label, part in cases.items():
        title = f"{label}: " if len(cases) > 1 else ""
        slopes = part["theil_sen"]
        console.print(f"{title}slope per unit of time: A {_shown(slopes['A'])}, B {_shown(slopes['B'])} (Theil-Sen)")
        lines = ", ".join(
            f"{term} {_shown(fit['estimate'])} (se {_shown(fit['standard_error'])})"
            for term, fit in part["piecewise"].items()
        )
        console.print(f"{title}two lines: {lines}")
        if "ar1" in part:
            console.print(f"{title}{_level_in_words(part['ar1'])}")
    test = answer["randomisation_test"]
    if test is not None:
        console.print(
            f"randomisation test: mean of B less mean of A {_shown(test['statistic'])}, p {_shown(test['p'])}"
            f" one-sided, {test['distribution_size']} possible results"
        )
    for note in answer["notes"]:
        console.print(f"- {note}")


def _level_in_words(level: Mapping[str, Any]) -> str:
    if level["level"] is None:
        return f"change of level (REML, AR(1)): not known: {level['reason']}"
    low, high = level["interval_90"]
    return (
        f"change of level (REML, AR(1)): {_shown(level['level'])}, 90 % interval {_shown(low)} to {_shown(high)},"
        f" se {_shown(level['standard_error'])}, autocorrelation {_shown(level['autocorrelation'])}"
    )


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3g}"
