"""The one look of every picture: colours told apart without colour vision, one size, bytes that never change."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["ACCENT", "GRID", "INK", "MUTED", "SERIES", "PictureKind", "new_figure", "picture_style", "save_picture"]

#: In dots, or in lines and letters: a third of the bytes on their way to a reader.
PictureKind: TypeAlias = Literal["png", "svg"]

INK = "#1d2733"
MUTED = "#56616e"
GRID = "#d9dee4"
ACCENT = "#0f6b6b"
#: Okabe-Ito hues, each with its own dash, so that a line is known by more than its colour.
SERIES: tuple[tuple[str, Any], ...] = (
    ("#d55e00", (0, (6, 2))),
    ("#0072b2", (0, (1.5, 1.5))),
    ("#aa4499", (0, (6, 2, 1.5, 2))),
    ("#8a6d00", (0, (3, 1.5))),
)
DOTS_PER_INCH = 150
#: How the drawing library asks for the dots of an image to stay squares.
_SQUARE_DOTS = "image-rendering:crisp-edges;image-rendering:pixelated"


def picture_style() -> Any:
    """Context in which every picture is drawn; a reader's own matplotlib settings have no say in it."""
    import matplotlib

    # The backend is left alone: the figures below are made for Agg by name, and setting it here would warn.
    settings = {key: value for key, value in matplotlib.rcParamsDefault.items() if not key.startswith("backend")}
    settings.update(
        {
            # The first is drawn with; the others are for whoever shows an SVG, whose letters stay text.
            "font.family": "sans-serif",
            "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"],
            "svg.fonttype": "none",
            "font.size": 10.0,
            # At this size letters need no fitting to the dots, which takes its time.
            "text.hinting": "no_hinting",
            # No words here are formulas.
            "text.parse_math": False,
            # Names inside an SVG are made from this and not by chance.
            "svg.hashsalt": "openpbm",
            "text.color": INK,
            "axes.labelcolor": INK,
            "axes.edgecolor": MUTED,
            "axes.linewidth": 0.8,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 11.0,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "xtick.color": MUTED,
            "ytick.color": MUTED,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
        }
    )
    return matplotlib.rc_context(settings)


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure on the Agg canvas, without pyplot and its global state."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def save_picture(figure: Figure, path: Path) -> Path:
    """Write `figure` as PNG or SVG, by the name's ending, so that equal plans give equal bytes."""
    # Neither the drawing library's version nor the day is in it.
    if path.suffix == ".svg":
        room = io.StringIO()
        figure.savefig(room, format="svg", metadata={"Creator": None, "Date": None})
        # Dots of a map are points of a smooth field: whoever shows it may draw it smoothly.
        path.write_text(room.getvalue().replace(_SQUARE_DOTS, ""), encoding="utf-8", newline="\n")
    else:
        # The least compression takes less than half the time of the usual one, for files a third larger.
        figure.savefig(path, format="png", metadata={"Software": None}, pil_kwargs={"compress_level": 1})
    return path
