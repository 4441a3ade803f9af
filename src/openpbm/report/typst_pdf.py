"""A PDF from one of our typst templates; what a person wrote reaches it as data and is never read as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["compile_pdf"]


def compile_pdf(template: Path, context: Mapping[str, object]) -> bytes:
    """The template filled with `context`, as a PDF a screen reader can read (PDF/UA-1).

    template : beside it lie the files that it asks for, and it reaches no others
    context : JSON values; the template finds them under `sys.inputs.data`
    The same context gives the same bytes. Needs no network: no packages, and no fonts but those that are there.
    """
    # Loaded here: a large compiled library (77 MB on disk) that only paper needs.
    import typst

    data = json.dumps(context, ensure_ascii=False, allow_nan=False)
    made: bytes = typst.compile(
        str(template), root=str(template.parent), sys_inputs={"data": data}, pdf_standards=["ua-1"], timestamp=0
    )
    return made
