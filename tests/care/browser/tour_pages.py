"""The pages of the tours in Markdown, as docs/tours has them."""

from __future__ import annotations

from care.browser.tours import Step, Tour

__all__ = ["index_of", "page_of"]

NOTICE = """```{admonition} Investigational
:class: warning

Light therapy for restless legs, neuropathic pain, neuropathy and muscle spasm is investigational. Standard care goes
on. Nothing here is medical advice. Everybody in the pictures is invented.
```
"""
_HEAD = """# Five-minute tours

Each tour follows one of the five articles of the brief through the made-up clinic of `openpbm serve --demo`, with a
picture for every step. Read them here, or start the demo and click along: the names in bold are what to click, and
everybody signs in as `demo.` and their name.
"""
_FOOT = """The pictures were taken on one day; in your own demo the dates are those of your week. What a number stands
for is in [the mission](../mission.md). Steps, pictures and the test that walks them come from one file,
`docs/tours/tours.toml`; `scripts/draw-tours` takes the pictures and writes these pages again.
"""


def index_of(tours: list[Tour]) -> str:
    """The page that leads to all tours."""
    rows = [f"| [{one.title}]({one.name}.md) | {one.article} | {len(one.steps)} |" for one in tours]
    pages = [f"{one.name}" for one in tours]
    parts = (
        _HEAD, NOTICE, "\n".join(("| tour | article | steps |", "|---|---|---|", *rows, "")), _FOOT,
        "\n".join(("```{toctree}", ":hidden:", "", *pages, "```", "")),
    )  # fmt: skip
    return "\n".join(parts)


def page_of(tour: Tour) -> str:
    """The page of one tour."""
    steps = [_told(tour, number, step) for number, step in enumerate(tour.steps, start=1)]
    return "\n".join((f"# {tour.title}\n", f"{tour.about.strip()}\n", NOTICE, *steps, "## Go on\n", tour.end))


def _told(tour: Tour, number: int, step: Step) -> str:
    width = "100%" if step.staff else "300px"
    picture = (
        f"```{{image}} pictures/{tour.picture(number)}", f":alt: {step.heading}: {step.words[0]}", f":width: {width}",
        "```", "",
    )  # fmt: skip
    shown = f"*Shows {', '.join(step.ids)}.*\n"
    return "\n".join((f"## {number}. {step.title}\n", f"{_way(step)}\n", f"{step.text.strip()}\n", *picture, shown))


def _way(step: Step) -> str:
    """Who is signed in, where the step begins and what is clicked."""
    who = f"Signed in as `demo.{step.who}`"
    if not step.who:
        who = "Signed in as nobody"
    begins = f", at `{step.at}`" * bool(step.at)
    clicks = ", then ".join(f"**{name}**" for name in step.click)
    return f"{who}{begins}{': click ' * bool(clicks)}{clicks}."
