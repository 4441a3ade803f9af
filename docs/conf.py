"""Sphinx: the documentation site, built from these files alone; nothing is fetched, neither now nor by a reader."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS / "site"))

from openpbm.version import __version__  # noqa: E402  the path above comes first

project = "OpenPBM"
author = "the OpenPBM authors"
copyright = "the OpenPBM authors, MIT licence"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "plain_docstrings", "layers_picture", "lamp_classes"]
exclude_patterns = ["site"]
myst_heading_anchors = 3
# A link to a file of the repository that is no page (an example, a table) becomes a download.
suppress_warnings = ["myst.xref_ambiguous"]

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
add_module_names = False

html_theme = "furo"
html_title = "OpenPBM"
html_static_path = ["site/static"]
html_css_files = ["openpbm.css"]
html_show_sphinx = False
html_copy_source = False
html_theme_options = {"top_of_page_buttons": [], "source_repository": ""}


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("include-read", from_the_root)


def from_the_root(app: Sphinx, path: Path, page: str, content: list[str]) -> None:
    """Links of a file at the root that is included here (CONTRIBUTING.md) start one folder higher."""
    content[0] = re.sub(r"\]\((?!https?:|#|docs/)", "](../", content[0])
