"""The directive `lamp-classes`: the classes of lamp on sale, each with its drawing and its spans, from their table."""

from __future__ import annotations

import base64
import html
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import Directive

from openpbm.facts.product_classes import ProductClass, Span, product_classes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

STATIC = Path(__file__).resolve().parents[2] / "src/openpbm/care/static"
COLUMNS = (
    "",
    "class of lamp",
    "mW/cm² claimed",
    "mW/cm² by meters",
    "at",
    "half angle",
    "lit area",
    "power, spot",
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("lamp-classes", LampClasses)
    return {"parallel_read_safe": True}


class LampClasses(Directive):
    """The table of all classes."""

    def run(self) -> list[nodes.Node]:
        """The table, as HTML."""
        head = "".join(f"<th>{column}</th>" for column in COLUMNS)
        rows = "".join(row(each) for each in product_classes)
        table = f'<div class="table-wrapper"><table class="docutils"><tr>{head}</tr>{rows}</table></div>'
        return [nodes.raw("", table, format="html")]


def row(each: ProductClass) -> str:
    """One class of lamp."""
    drawing = base64.b64encode((STATIC / each.picture).read_bytes()).decode()
    look = 'width="110" style="max-width:none"'
    picture = f'<img alt="{html.escape(each.plain)}" {look} src="data:image/svg+xml;base64,{drawing}">'
    cells = (
        picture,
        f"{html.escape(each.plain)}<br><code>{each.id}</code>",
        span(each.claimed_mw_cm2),
        span(each.measured_mw_cm2),
        "the skin" if each.at_distance_mm == 0.0 else f"{each.at_distance_mm / 10.0:g} cm",
        "" if each.half_angle_deg is None else f"{span(each.half_angle_deg)}°",
        f"{span(each.lit_area_cm2)} cm²",
        point(each),
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def point(each: ProductClass) -> str:
    """What one diode gives, where it has a spot of its own."""
    if each.power_mw is None or each.spot_diameter_mm is None:
        return ""
    return f"{span(each.power_mw)} mW, {span(each.spot_diameter_mm)} mm"


def span(ends: Span) -> str:
    """Both ends."""
    return f"{ends[0]:g}-{ends[1]:g}"
