"""The documentation builds without a warning, fetches nothing, and shows every name of the face and every example."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import openpbm

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("0*.py"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as HTML; a warning is an error: a page outside the navigation, a broken link, a garbled docstring."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return folder


def test_nothing_is_fetched_by_a_reader(site: Path) -> None:
    """No style, script, font or picture comes from elsewhere; links that a reader follows may."""
    fetched = re.compile(
        r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//|<link\b[^>]*\bhref=["'](?:https?:)?//"""
    )
    styles = re.compile(r"""@import|url\(["']?(?:https?:)?//""")
    pages, sheets = list(site.rglob("*.html")), list(site.rglob("*.css"))
    assert len(pages) > 30
    assert [page.name for page in pages if fetched.search(page.read_text(encoding="utf-8"))] == []
    assert [sheet.name for sheet in sheets if styles.search(sheet.read_text(encoding="utf-8"))] == []


def test_the_interface_shows_every_name(site: Path) -> None:
    page = (site / "api.html").read_text(encoding="utf-8")
    shown = {match.rsplit(".", 1)[-1] for match in re.findall(r'<dt class="sig[^>]*id="([\w.]+)"', page)}
    assert set(openpbm.__all__) - {"__version__"} <= shown


def test_every_example_is_shown_with_its_picture(site: Path) -> None:
    page = (site / "examples.html").read_text(encoding="utf-8")
    for example in EXAMPLES:
        assert f"{example.stem}.png" in page
        assert (site / "_images" / f"{example.stem}.png").stat().st_size > 10_000


def test_the_picture_of_the_architecture_shows_the_layers(site: Path) -> None:
    page = (site / "architecture.html").read_text(encoding="utf-8")
    for name in ("facts", "transport", "planning", "outcomes", "care"):
        assert f">{name}</text>" in page
