"""Every pair of text and ground the stylesheet names is readable, in light and in dark (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "src/openpbm/care/static/care/care.css"
TEXT, EDGE = 4.5, 3.0
GROUNDS = ("page", "surface", "sunk")
PAIRS = [
    *((text, ground, TEXT) for text in ("ink", "ink-soft", "link") for ground in GROUNDS),
    *((kind, f"{kind}-tint", TEXT) for kind in ("ok", "caution", "stop", "info", "primary")),
    *(("ink", f"{kind}-tint", TEXT) for kind in ("ok", "caution", "stop", "info", "primary")),
    *((kind, ground, TEXT) for kind in ("stop", "caution", "primary") for ground in GROUNDS),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    ("on-danger", "danger-button", TEXT),
    ("on-danger", "stop", TEXT),
    *((text, ground, TEXT) for text in ("on-lead", "on-lead-soft") for ground in ("lead", "lead-far")),
    *((edge, ground, EDGE) for edge in ("line-strong", "focus") for ground in GROUNDS),
    *((f"chart-{number}", "surface", EDGE) for number in range(1, 7)),
]


def colours(scheme: str) -> dict[str, str]:
    """The custom properties with a colour, as a reader with this scheme gets them."""
    light, dark = re.findall(r":root \{(.*?)\}", CSS.read_text(encoding="utf-8"), flags=re.DOTALL)[:2]
    named = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
    return dict(named.findall(light)) | (dict(named.findall(dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_dark_changes_every_colour_of_text_and_ground() -> None:
    light, dark = colours("light"), colours("dark")
    assert light.keys() == dark.keys()
    assert {name for name in light if light[name] == dark[name]} == set()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "ground", "least"), PAIRS, ids=lambda value: str(value))
def test_pair_is_readable(scheme: str, front: str, ground: str, least: float) -> None:
    colour = colours(scheme)
    assert contrast(colour[front], colour[ground]) >= least, (colour[front], colour[ground])
