"""Accessibility of a page as axe sees it, and whether it scrolls sideways."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

__all__ = ["bring_axe", "cut_tables_of", "faults_of", "overflow_of"]

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """async (options) => {
  const found = await axe.run(document, {...options, resultTypes: ["violations"]});
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


def bring_axe(context: BrowserContext) -> None:
    """Have axe in every page that the context opens from now on: it is sent to the browser and compiled once."""
    context.add_init_script(AXE)


def faults_of(page: Page, *, only: Sequence[str] = ()) -> list[str]:
    """Every violation of the rules of WCAG 2.2 AA, one line each; `only`: these rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)  # through the debugger: the page's own policy for scripts stays as strict as it is
    options: dict[str, Any] = {"runOnly": {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}}
    return list(page.evaluate(_RUN, options))


def overflow_of(page: Page) -> list[str]:
    """What makes the page scroll sideways; tables in their own scroll box may."""
    return list(page.evaluate(_WIDE))


def cut_tables_of(page: Page) -> list[str]:
    """Tables whose last column is seen by pushing them sideways alone."""
    return list(page.evaluate(_CUT))
