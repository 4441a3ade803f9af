"""`openpbm evidence`: the trials, and what they say together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from openpbm.cli import evidence_report, evidence_table
from openpbm.cli.terminal import print_json

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="The trials, and what they say together: pooled as the field pools.")
app.command("check")(evidence_table.check)
app.command("list")(evidence_table.list_studies)
app.command("template")(evidence_table.template)
app.command("add")(evidence_table.add)
app.command("references")(evidence_table.references)
app.command("report")(evidence_report.report)
app.command("gaps")(evidence_report.gaps)


@app.command("pool")
def pool(
    data: Annotated[
        Path,
        typer.Argument(
            help="CSV: study and yi,vi; or n1,m1,sd1,n2,m2,sd2; or e1,n1,e2,n2; or e1,t1,e2,t2. Group 1 is the treated."
        ),
    ],
    effect: Annotated[
        Literal["md", "smd", "rr", "or", "rd", "rom", "peto", "irr"] | None,
        typer.Option(
            help="Mean difference, Hedges' g, risk ratio, odds ratio, risk difference, ratio of means, odds ratio of"
            " Peto, ratio of rates; ratios as natural logarithms. Not needed with yi,vi."
        ),
    ] = None,
    model: Annotated[
        Literal["reml", "dl", "pm", "fixed"],
        typer.Option(help="How the differences between studies are estimated; fixed takes them to be none."),
    ] = "reml",
    knapp_hartung: Annotated[
        bool, typer.Option("--knha", help="Knapp and Hartung: errors from the scatter of the studies, t for z.")
    ] = False,
    floor: Annotated[
        bool, typer.Option("--knha-floor", help="As --knha, but never narrower than the normal interval.")
    ] = False,
    moderators: Annotated[
        list[str] | None,
        typer.Option("--moderator", metavar="COLUMN", help="Explain differences by this column; may be repeated."),
    ] = None,
    subgroup: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Also the groups of this column apart, and whether they agree.")
    ] = None,
    with_sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Also the pool without each study, and the funnel.")
    ] = False,
    level: Annotated[float, typer.Option(help="Share of intervals that hold the truth.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """One number out of several studies, how far they differ, and what a new study would find."""
    from openpbm.evidence import PoolRequest, pool_answer, read_pool_file, sensitivity, subgroups

    request = PoolRequest(model=model, knapp_hartung=knapp_hartung or floor, floor=floor, level=level)
    answer = pool_answer(read_pool_file(data, effect, moderators or ()), request)
    pulls = sensitivity(answer.data, request) if with_sensitivity else None
    groups = None
    if subgroup is not None:
        groups = subgroups(read_pool_file(data, effect, (subgroup,)), request)
    if as_json:
        more: dict[str, object] = {} if pulls is None else {"sensitivity": pulls.to_dict()}
        if groups is not None:
            more["subgroups"] = groups.to_dict()
        print_json(answer.to_dict() | more)
        return
    from openpbm.cli.pool_table import print_parts, print_pool

    print_pool(answer)
    print_parts(pulls, groups)


@app.command("network")
def network(
    data: Annotated[
        Path, typer.Argument(help="CSV: study,first,second,effect,standard_error; effect is first less second.")
    ],
    reference: Annotated[str, typer.Option(help="The treatment that the others are held against.")],
    model: Annotated[
        Literal["random", "fixed"], typer.Option(help="Whether studies may differ by one tau2 for all comparisons.")
    ] = "random",
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Several treatments at once, from direct and indirect comparisons of a connected network."""
    from openpbm.evidence.network_file import network_to_dict, read_contrasts, solve_network

    solved = solve_network(read_contrasts(data), reference, random=model == "random", document=data.name)
    if as_json:
        print_json(network_to_dict(solved) | {"model": model})
        return
    from openpbm.cli.pool_table import print_network

    print_network(solved)
