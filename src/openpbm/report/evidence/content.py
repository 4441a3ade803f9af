"""What an evidence report holds, once for its page, its PDF and the data beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict

from openpbm.evidence.synthesis import (
    CertaintyProfile,
    ConditionSummary,
    PooledEffect,
    certainty_profile,
    current_gaps,
    make_statement,
    summarise,
)
from openpbm.evidence.synthesis.certainty import results_code
from openpbm.evidence.synthesis.current import current_table
from openpbm.facts.comparators import NO_HEAD_TO_HEAD
from openpbm.facts.conditions import conditions
from openpbm.facts.notice import NOTICE
from openpbm.facts.references import references
from openpbm.facts.studies import searches
from openpbm.facts.summary_effects import SummaryEffect, summary_effects
from openpbm.report.evidence.flow import flow_of
from openpbm.report.evidence.lights import bias_rows
from openpbm.report.evidence.target_dose import target_doses
from openpbm.version import __version__

__all__ = ["EvidenceContent", "changes_since", "evidence_content"]


class EvidenceContent(TypedDict):
    """The report's data: everything as words and numbers, no markup."""

    format: str
    condition: str
    title: str
    version: str
    statement: str
    certainty: str
    signed: str
    code: str
    notice: str
    findings: list[list[str]]
    trials: list[list[str]]
    left_out: list[list[str]]
    downgrades: list[list[str]]
    varied: list[list[str]]
    bias: list[list[str]]
    target: list[list[str]]
    gaps: list[list[str]]
    others: list[list[str]]
    head_to_head: str
    searches: list[list[str]]
    references: list[str]
    flow: dict[str, int]
    changes: list[str]


def evidence_content(summary: ConditionSummary, own: Path | None, before: Mapping[str, object]) -> EvidenceContent:
    """The data of one condition; `before`: those of the last run, empty without one."""
    statement, profile = make_statement(summary), certainty_profile(summary)
    condition = conditions.get(summary.condition)
    content = EvidenceContent(
        format="openpbm-evidence-report-1",
        condition=summary.condition,
        title=f"Evidence: {summary.condition.replace('_', ' ') if condition is None else condition.in_sentence}",
        version=__version__,
        statement=statement.text,
        certainty=statement.certainty,
        signed=profile.signed,
        code=results_code(summary),
        notice=NOTICE,
        findings=_findings(summary, profile),
        trials=[
            _trial(row.study, row.time, row.difference, row.error, row.why_not, row.how) for row in summary.results
        ],
        left_out=[[study, why] for study, why in summary.left_out],
        downgrades=[[row.domain, str(row.steps), row.why] for row in profile.downgrades],
        varied=_varied(summary, own),
        bias=[[study, *judged.values(), " ".join(why)] for study, judged, why in bias_rows(summary)],
        target=[
            [
                row.study,
                f"{row.skin_j_cm2:.3g}",
                "{1:.2g} ({0:.2g} to {2:.2g})".format(*row.target_j_cm2),
                row.structure,
            ]
            for row in target_doses(summary)
        ],
        gaps=[[row.gap.name, row.holds, row.gap.closes, row.size] for row in current_gaps(summary.condition, own)],
        others=_others(summary.condition),
        head_to_head=NO_HEAD_TO_HEAD,
        searches=[
            [row.string, row.corpus, f"{row.date}", f"{row.hits}", f"{row.kept}"]
            for row in searches()
            if row.about == summary.condition
        ],
        references=_references(summary),
        flow=asdict(flow_of(summary)),
        changes=[],
    )
    content["changes"] = changes_since(before, content)
    return content


def _findings(summary: ConditionSummary, profile: CertaintyProfile) -> list[list[str]]:
    """The summary of findings: with and without the trials that found no advantage."""
    rows = []
    for words, pooled in (
        ("all trials", summary.pooled),
        ("without those that found no advantage", summary.without_null),
    ):
        if pooled is None:
            rows.append([words, "0", "", "cannot be pooled", "", profile.level])
            continue
        predicted = ""
        if pooled.prediction is not None:
            predicted = "{:.1f} to {:.1f}; held less than it says in simulated pools this small".format(
                *pooled.prediction
            )
        i2 = "" if pooled.i2_percent is None else f"{pooled.i2_percent:.0f}\u00a0%"
        effect = f"{_interval(pooled, 1)} {summary.outcome.short_unit}"
        rows.append([words, f"{pooled.count}", i2, effect, predicted, profile.level])
    return rows


def _interval(pooled: PooledEffect, digits: int) -> str:
    # Adding nothing turns a rounded minus zero into zero.
    numbers = [round(value, digits) + 0.0 for value in (pooled.estimate, pooled.low, pooled.high)]
    middle, low, high = (f"{number:.{digits}f}".replace("-", "−") for number in numbers)
    return f"{middle} ({low} to {high})"


def _trial(
    study: str, time: str, difference: float | None, error: float | None, why_not: str, how: tuple[str, ...]
) -> list[str]:
    if difference is None or error is None:
        return [study, time, "no number", why_not]
    return [study, time, f"{difference:.2f} (standard error {error:.2f})", "; ".join(how)]


def _varied(summary: ConditionSummary, own: Path | None) -> list[list[str]]:
    """The pool with other correlations between before and after."""
    rows = []
    for correlation in (0.5, 0.6, 0.7):
        pooled = summarise(current_table(own), summary.condition, correlation=correlation).pooled
        words = "none" if pooled is None else _interval(pooled, 2)
        rows.append([f"{correlation:g}", words])
    return rows


def _others(condition: str) -> list[list[str]]:
    """Published numbers for other care of this condition, as printed."""
    return [
        [row.option, f"against {row.versus}", row.outcome.replace("_", " "), _other_number(row), row.about]
        for row in summary_effects
        if row.condition == condition
    ]


def _other_number(row: SummaryEffect) -> str:
    if row.value is None:
        arms = " and ".join("not read" if arm is None else f"{arm:g}" for arm in (row.treated, row.control))
        return f"{row.measure}: {arms} {row.unit}".strip()
    interval = "" if row.ci_low is None else f" ({row.ci_low:g} to {row.ci_high:g})"
    return f"{row.measure}: {row.value:g}{interval} {row.unit}".strip()


def _references(summary: ConditionSummary) -> list[str]:
    found = []
    for study in summary.studies:
        known = references.get(study.source)
        citation = study.source if known is None else known.citation
        read = f"read: {study.read_in}"
        state = "" if study.retraction_read is None else f"; retraction: {study.retraction}, {study.retraction_read}"
        found.append(f"{study.id}. {citation} ({read}{state})")
    return found


def changes_since(before: Mapping[str, object], now: EvidenceContent) -> list[str]:
    """What differs from the last run, in sentences."""
    if not before:
        return ["This is the first run in this folder."]
    changes = []
    if before.get("certainty") != now["certainty"]:
        changes.append(f"Certainty: {before.get('certainty')} before, {now['certainty']} now.")
    pooled_before = _pool(before.get("findings"))
    if pooled_before != _pool(now["findings"]):
        changes.append(f"The pool: {pooled_before} before, {_pool(now['findings'])} now.")
    old, new = _studies(before.get("trials")), _studies(now["trials"])
    changes += [f"New trial: {study}." for study in new if study not in old]
    changes += [f"No longer counted: {study}." for study in old if study not in new]
    changes += [
        f"{study} has another result: {new[study]}." for study in new if study in old and old[study] != new[study]
    ]
    return changes or ["Nothing changed since the last run."]


def _pool(findings: object) -> str:
    rows = findings if isinstance(findings, list) else []
    return ", ".join(map(str, rows[0][3:4])) if rows and isinstance(rows[0], list) else "not kept"


def _studies(trials: object) -> dict[str, str]:
    rows = trials if isinstance(trials, list) else []
    return {str(row[0]): ", ".join(map(str, row[1:3])) for row in rows if isinstance(row, list) and len(row) > 2}
