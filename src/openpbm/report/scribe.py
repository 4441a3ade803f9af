"""A single-case analysis in the order of SCRIBE 2016: what the data know is filled in, what they do not is named.

The items and their order are those of Tate and colleagues (2016), doi 10.1080/09602011.2016.1190533.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["ScribeItem", "scribe_items", "scribe_markdown"]

#: Section, topic, and what somebody has to write where the data hold nothing.
_ITEMS: tuple[tuple[str, str, str], ...] = (
    ("Title and abstract", "Title", "a title that says single-case design"),
    ("Title and abstract", "Abstract", "a summary of question, people, design, treatment, outcomes and results"),
    ("Introduction", "Scientific background", "what is known of this treatment for this problem, and what is not"),
    ("Introduction", "Aims", "the question, and the hypothesis if there was one"),
    ("Method: design", "Design", "the design, its phases and what decided when one ended"),
    ("Method: design", "Procedural changes", "whatever was changed after the start; say so where nothing was"),
    ("Method: design", "Replication", "whether a repetition was planned"),
    ("Method: design", "Randomization", "whether anything was drawn by lot, what, and how"),
    ("Method: design", "Blinding", "who knew which phase was which"),
    ("Method: participants", "Selection criteria", "who could take part, and how people were found"),
    ("Method: participants", "Participant characteristics", "age, diagnosis and what else matters, without names"),
    ("Method: context", "Setting", "where it was done"),
    ("Method: approvals", "Ethics", "approval or its reason not to be needed, and consent"),
    ("Method: measures and materials", "Measures", "what was measured, by whom, how often and how reliably"),
    ("Method: measures and materials", "Equipment", "the lamp and whatever measured: maker, settings, output"),
    ("Method: interventions", "Intervention", "what was done in each phase: place, minutes, distance, how often"),
    ("Method: interventions", "Procedural fidelity", "how much of what was planned was done"),
    ("Method: analysis", "Analyses", "how the data were analysed"),
    ("Results", "Sequence completed", "which phases were finished, and how many values each has"),
    ("Results", "Outcomes and estimation", "the values of each person and what the analysis gives"),
    ("Results", "Adverse events", "unwanted events; say so where none was seen, and that it was asked"),
    ("Discussion", "Interpretation", "what the result means beside what was known"),
    ("Discussion", "Limitations", "what may have misled"),
    ("Discussion", "Applicability", "for whom and where it may hold"),
    ("Documentation", "Protocol", "where the protocol can be read"),
    ("Documentation", "Funding", "who paid, and who has an interest"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScribeItem:
    """One item. text : what the data say, "" where nothing; missing : what is still to be written, "" where nothing."""

    number: int
    section: str
    topic: str
    text: str
    missing: str

    def to_dict(self) -> dict[str, object]:
        """The item as JSON."""
        return {
            "number": self.number,
            "section": self.section,
            "topic": self.topic,
            "text": self.text,
            "missing": self.missing,
        }


def scribe_items(answer: Mapping[str, Any], design: Mapping[str, Any] | None = None) -> tuple[ScribeItem, ...]:
    """The 26 items in order.

    answer : what `openpbm single-case --json` says; design : the content of design.json, None where there is none
    """
    known = _known(answer, design)
    return tuple(
        ScribeItem(
            number=number,
            section=section,
            topic=topic,
            text=known.get(topic, ("", True))[0],
            missing=ask if known.get(topic, ("", True))[1] else "",
        )
        for number, (section, topic, ask) in enumerate(_ITEMS, start=1)
    )


def scribe_markdown(items: tuple[ScribeItem, ...]) -> str:
    """The items as Markdown; what is missing is said first and stands in each item again."""
    missing = [item for item in items if item.missing]
    lines = ["# Single-case report in the order of SCRIBE 2016", ""]
    lines += [f"Not complete: {len(missing)} of {len(items)} items need words that the data do not hold.", ""]
    section = ""
    for item in items:
        if item.section != section:
            lines += [f"## {item.section}", ""]
        section = item.section
        lines += [f"### {item.number}. {item.topic}", ""]
        lines += [item.text, ""] if item.text else []
        lines += [f"**Missing:** {item.missing}.", ""] if item.missing else []
    return "\n".join(lines)


def _known(answer: Mapping[str, Any], design: Mapping[str, Any] | None) -> dict[str, tuple[str, bool]]:
    """Text of each topic that the data speak of, and whether something of it is still missing."""
    cases = answer["cases"]
    known = {
        "Design": (f"A phase without the treatment (A), then one with it (B), in {_people(len(cases))}.", True),
        "Analyses": (_analyses(answer), False),
        "Sequence completed": ("\n".join(_sequence(name, case) for name, case in cases.items()), False),
        "Outcomes and estimation": ("\n".join(_outcome(name, case) for name, case in cases.items()), False),
        "Measures": (f"One value a row; {answer['better']} is better.", True),
        "Limitations": ("\n".join(f"- {note}" for note in answer["notes"]), True),
    }
    if len(cases) > 1:
        known["Replication"] = (f"The same was done in {_people(len(cases))}.", True)
    test = answer["randomisation_test"]
    if test is not None:
        known["Randomization"] = (
            f"The start of B was drawn by lot; {test['distribution_size']} results were possible.",
            True,
        )
    return known | ({} if design is None else _of_design(design))


def _of_design(design: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    """What the sealed draw says, without what it hides."""
    what = {"start": "the day on which the treatment began", "blocks": "the order of active and sham within each pair"}
    drawn = f"Drawn by lot on {design['made_on']}, before the baseline: {what[design['kind']]}."
    washout = design.get("washout_days", 0)
    left_out = f" The first {washout} days of each period are wash-out and not analysed." if washout else ""
    hidden = "The person treated did not know the draw." if design["blinded"] else "The draw was known to the person."
    return {
        "Design": (
            f"Baseline of {design['baseline_days']} days at least from {design['first_day']}; analysed once, with the"
            f" days up to {design['last_day']}.{left_out}",
            False,
        ),
        "Randomization": (f"{drawn} Smallest p of its test: {design['smallest_p']:.3g}.", False),
        "Blinding": (hidden, True),
        "Protocol": (f"The design was sealed with the commitment {design['commitment']}.", True),
    }


def _people(count: int) -> str:
    return "one case" if count == 1 else f"{count} cases"


def _analyses(answer: Mapping[str, Any]) -> str:
    used = [
        "Overlap of the phases (NAP and Tau with 90 % intervals after Newcombe 2006, method 5; Tau-U, Tau-BC, PND, PEM,"
        " PAND, IRD), Theil-Sen slopes, two straight lines by least squares"
    ]
    if any("ar1" in case for case in answer["cases"].values()):
        used.append("the change of level by restricted maximum likelihood with first-order autocorrelation")
    if answer["randomisation_test"] is not None:
        used.append("an exact randomisation test over the starts that could have been drawn")
    return f"{'; '.join(used)}. By `openpbm single-case`."


def _sequence(name: str, case: Mapping[str, Any]) -> str:
    return f"- {name}: {case['n']['A']} values in A, {case['n']['B']} in B, {case['missing']} missing."


def _outcome(name: str, case: Mapping[str, Any]) -> str:
    text = f"- {name}: NAP {case['nap']:.2f}{_between(case['nap_interval_90'])}, Tau {case['tau']:.2f}"
    text += _between(case["tau_interval_90"])
    level = case.get("ar1")
    if level is not None and level["level"] is not None:
        text += f", change of level {level['level']:+.3g}{_between(level['interval_90'])}"
    return f"{text}."


def _between(interval: Any) -> str:
    if interval is None:
        return ""
    return f" (90 % interval {interval[0]:.3g} to {interval[1]:.3g})"
