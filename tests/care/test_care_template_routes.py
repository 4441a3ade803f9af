"""Every route that a template names is in the URL table.

`{% url ... as x %}` swallows an unknown name: the page then goes on as if the link did not concern its reader.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from care.access.every_route import route_names

import openpbm.care

_CARE = Path(openpbm.care.__file__).parent
_NAMED = re.compile(r"""\{%\s*url\s+(?:'([^']+)'|"([^"]+)")""")
TEMPLATES = {str(path.relative_to(_CARE)): path.read_text(encoding="utf-8") for path in sorted(_CARE.rglob("*.html"))}
NAMING = {name: text for name, text in TEMPLATES.items() if _NAMED.search(text)}


def test_templates_are_found() -> None:
    assert len(NAMING) > 50


@pytest.mark.parametrize("template", sorted(NAMING))
def test_each_name_is_a_route(template: str) -> None:
    named = {one or other for one, other in _NAMED.findall(NAMING[template])}
    assert named <= set(route_names())
