"""A letter as a PDF, from one of the templates beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from openpbm.report.typst_pdf import compile_pdf

__all__ = ["pdf"]

_TEMPLATES = Path(__file__).parent / "templates"


def pdf(template_name: str, context: Mapping[str, object]) -> bytes:
    """The template filled with `context`; template_name : file in documents/templates, without its ending."""
    return compile_pdf(_TEMPLATES / f"{template_name}.typ", context)
