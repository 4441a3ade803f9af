"""Our docstrings are plain text that reads well in a terminal; here they become what Sphinx wants.

`name : meaning` becomes a definition, `code` stays code, an indented block stays as it stands, and a star or a bar is
a star or a bar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PARAMETER = re.compile(r"^(?P<names>[\w*][\w ,*]*?) +: +(?P<meaning>.+)$")
CODE = re.compile(r"(`[^`]+`)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("autodoc-process-docstring", lambda app, what, name, obj, options, lines: rewrite(lines))
    return {"parallel_read_safe": True}


def rewrite(lines: list[str]) -> None:
    """Turn the lines of one docstring, in place, into reStructuredText."""
    lines[:] = [line for block in blocks(lines) for line in [*as_rest(block), ""]]


def blocks(lines: list[str]) -> list[list[str]]:
    """Paragraphs: runs of lines without an empty one."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [block for block in found if block]


def as_rest(block: list[str]) -> list[str]:
    """One paragraph as reStructuredText: an example, a list of parameters, text set apart, or text."""
    if block[0].lstrip().startswith(">>>"):
        return block
    if block[0].startswith("    "):
        return ["::", "", *block]
    if any(PARAMETER.match(line) for line in block):
        return definitions(block)
    return [escaped(line) for line in block]


def definitions(block: list[str]) -> list[str]:
    """Lines `name : meaning`, each with the lines that go on below it, and the plain lines between them."""
    written: list[str] = []
    inside = False
    for line in block:
        parameter = PARAMETER.match(line)
        if parameter:
            inside = True
            written += ["", f"``{parameter['names']}``", f"    {escaped(parameter['meaning'])}"]
        elif inside and line.startswith(" "):
            written.append(f"    {escaped(line.strip())}")
        else:
            written += ["", escaped(line)] if inside else [escaped(line)]
            inside = False
    return written


def escaped(line: str) -> str:
    """A line in which only `code` is markup."""
    parts = CODE.split(line)
    return "".join(f"`{part}`" if part.startswith("`") else re.sub(r"([*|_\\])", r"\\\1", part) for part in parts)
