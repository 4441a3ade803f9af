"""The directive `layers`: the architecture as a picture, drawn from the layers that import-linter enforces."""

from __future__ import annotations

import ast
import html
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import Directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT, GAP = 720, 46, 8


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("layers", Layers)
    return {"parallel_read_safe": True}


class Layers(Directive):
    """Draws the layers of the package named in its argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The picture, as the HTML that draws it."""
        package = self.arguments[0]
        return [nodes.raw("", f'<figure class="layers">{picture(package, layers_of(package))}</figure>', format="html")]


def layers_of(package: str) -> list[list[str]]:
    """Modules from the top layer down; those in one layer do not know each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(row["layers"] for row in contracts if row.get("containers") == [package])
    return [[name.strip() for name in layer.split("|")] for layer in layers]


def summary(package: str, name: str) -> str:
    """What a module says of itself: the first line of its docstring."""
    place = ROOT / "src" / Path(*package.split("."), name)
    path = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0].rstrip(".").replace("`", "")


def picture(package: str, layers: list[list[str]]) -> str:
    """The layers as SVG, the first on top."""
    boxes = [box(package, row, number * (HEIGHT + GAP)) for number, row in enumerate(layers)]
    height = len(layers) * (HEIGHT + GAP)
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Layers of {package}" font-family="sans-serif">'
        f"{''.join(boxes)}</svg>"
    )


def box(package: str, row: list[str], top: int) -> str:
    """One layer: its modules side by side, a lonely one with its summary."""
    width = (WIDTH - GAP * (len(row) - 1)) / len(row)
    return "".join(cell(package, name, place * (width + GAP), top, width, len(row)) for place, name in enumerate(row))


def cell(package: str, name: str, left: float, top: int, width: float, neighbours: int) -> str:
    """One module as a box with its name, its summary below where there is room for it, else on hovering."""
    words = html.escape(summary(package, name))
    middle = left + width / 2
    written = [(name, 14, "bold", 20 if neighbours == 1 else 28)]
    if neighbours == 1:
        written.append((words if len(words) < 112 else f"{words[:110]}…", 11, "normal", 37))
    lines = "".join(
        f'<text x="{middle:.1f}" y="{top + y}" text-anchor="middle" font-size="{size}" font-weight="{weight}" '
        f'fill="#1d2733">{text}</text>'
        for text, size, weight, y in written
    )
    frame = (
        f'<rect x="{left:.1f}" y="{top}" width="{width:.1f}" height="{HEIGHT}" rx="5" fill="#e6f0f0" stroke="#0f6b6b"/>'
    )
    return f"<g><title>{name}: {words}</title>{frame}{lines}</g>"
