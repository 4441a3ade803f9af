"""Accessibility of a page as axe sees it, whether it scrolls sideways, and whether it has a heading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

__all__ = ["bring_axe", "faults_of", "overflow_of", "seen"]

_VENDORED = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
# Faults are told by the selector and the message: nobody reads the source of an element.
AXE = f"{_VENDORED}\naxe.configure({{noHtml: true}});"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The one rule here that wants something fetched before is about what plays by itself; style sheets are for no rule.
_FAULTS = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, reporter: "no-passes", preload: {assets: ["media"]}});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(" ")}: ${
    [...n.any, ...n.all, ...n.none].map(c => c.message).join("; ")}`));
}"""
_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wide = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > width + 1
    && !e.closest(".table-wrap") && !e.closest(".visually-hidden"));
  return [`${document.documentElement.scrollWidth} px wide in ${width} px: `
    + wide.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(" | ")];
}"""
# Folded away a table may be wider than its box: whoever opens it came for the figures and finds the bar below them.
_CUT = """() => [...document.querySelectorAll(".table-wrap")]
  .filter(e => e.offsetParent && !e.closest("details") && e.scrollWidth > e.clientWidth + 1)
  .map(e => `${e.getAttribute("aria-label")}: ${e.scrollWidth} px wide in ${e.clientWidth} px`)"""
_HEADLESS = """() => {
  const first = document.querySelector("h1"), box = first?.getBoundingClientRect();
  return first?.checkVisibility({visibilityProperty: true}) && box.width && box.height ? [] : ["no heading to be seen"];
}"""
# All of it in one question: each question by itself travels through four processes.
_SEEN = f"""async ([looks, rules]) => {{
  const all = {{faults: {_FAULTS}, wide: {_WIDE}, cut: {_CUT}, headless: {_HEADLESS}}};
  if (looks.includes("faults") && !("axe" in window)) return null;
  const found = [];
  for (const look of looks) found.push(...await all[look](rules));
  return found;
}}"""


def bring_axe(context: BrowserContext) -> None:
    """Have axe in every page that the context opens from now on: it is sent to the browser and compiled once."""
    context.add_init_script(AXE)


def seen(page: Page, *looks: str, only: Sequence[str] = ()) -> list[str]:
    """What is wrong with a page, one line each.

    looks : "faults", violations of the rules of WCAG 2.2 AA; "wide", what makes the page scroll sideways, though tables
        in their own scroll box may; "cut", tables whose last column is seen by pushing them sideways alone; "headless"
    only : these rules
    """
    rules: dict[str, object] = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    found = page.evaluate(_SEEN, [looks, rules])
    if found is None:
        page.evaluate(AXE)  # through the debugger: the page's own policy for scripts stays as strict as it is
        found = page.evaluate(_SEEN, [looks, rules])
    return list(found)


def faults_of(page: Page) -> list[str]:
    """Every violation of the rules of WCAG 2.2 AA, one line each."""
    return seen(page, "faults")


def overflow_of(page: Page) -> list[str]:
    """What makes the page scroll sideways; tables in their own scroll box may."""
    return seen(page, "wide")
