"""`openpbm screen CASE.toml`: the verdict and its reasons, without light."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from openpbm.cli.terminal import print_json
from openpbm.errors import BadInput, Problem

__all__ = ["screen"]


def screen(
    case: Annotated[Path | None, typer.Argument(help="Case file in TOML (docs/case-file.md).")] = None,
    codes: Annotated[
        bool, typer.Option("--codes", help="List every code that may stand under [person.findings].")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON alone on standard output.")] = False,
) -> None:
    """Screen a person, a condition, sites and a lamp; list every reason."""
    if codes:
        _codes(as_json)
        return
    if case is None:
        raise BadInput(
            Problem(
                key="screen", message="no case file is given", remedy="name one, or use --codes for the list of codes"
            )
        )
    from openpbm.case import read_case
    from openpbm.cli.plan import print_screening
    from openpbm.outcomes.measures import vascular_phenotype_of
    from openpbm.safety import screen as run

    answer = run(read_case(case))
    vessels = vascular_phenotype_of(answer.case.person.workup, answer.workup)
    if as_json:
        print_json(answer.to_dict() | {"vascular_phenotype": vessels})
    else:
        print_screening(answer)
        if vessels is not None:
            typer.echo(f"\nSigns of vessels: {vessels['score']} of {vessels['known']} known ({vessels['label']})")
    raise typer.Exit(0 if answer.verdict == "allowed" else 3)


def _codes(as_json: bool) -> None:
    content = {"findings": _findings(), "rules": _rules()}
    if as_json:
        print_json(content)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("code", "level", "question")
    for row in content["findings"]:
        table.add_row(row["code"], row["level"] or "candidacy", row["question"])
    Console().print(table)


def _findings() -> list[dict[str, Any]]:
    from openpbm.facts.conditions import conditions
    from openpbm.facts.rules import finding_codes, rules

    # The first rule of a finding asks for it; reversed, the first is the one that stays.
    asking = {rule.when.finding: rule for rule in reversed(list(rules)) if rule.when.finding}
    items = {item.finding: item for row in conditions for item in row.candidacy if item.finding}
    findings: list[dict[str, Any]] = []
    answer: dict[str, object]
    for code in finding_codes():
        if code in asking:
            rule = asking[code]
            answer = {"question": rule.question, "level": rule.level, "if_unknown": rule.if_unknown}
            findings.append({"code": code, **answer, "source": rule.source})
        else:
            answer = {"question": items[code].text, "level": None, "if_unknown": "none"}
            findings.append({"code": code, **answer, "source": items[code].source})
    return findings


def _rules() -> list[dict[str, Any]]:
    from openpbm.facts.rules import ComputedRule, Rule, computed_rules, rules

    listed: tuple[Rule | ComputedRule, ...] = (*rules, *computed_rules)
    return [
        {
            "id": rule.id,
            "level": rule.level,
            "if_unknown": rule.if_unknown,
            "message": rule.message,
            "remedy": rule.remedy,
            "source": rule.source,
            "verified": rule.verified,
            "releasable": rule.releasable,
        }
        for rule in listed
    ]
