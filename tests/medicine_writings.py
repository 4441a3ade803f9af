"""Ways in which people write the name of a medicine, for the tests and the benchmark of the matcher."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openpbm.facts.medicine_text import medicines_in
from openpbm.facts.medicines import known_medicines, medicine_names

SEPARATORS = (
    " + ",
    "+",
    ", ",
    ",",
    " / ",
    "/",
    " & ",
    "; ",
    " and ",
    " und ",
    " y ",
    " et ",
    "\n",
    "\t",
    " - ",
    " | ",
    " • ",
)
_WAYS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.lower,
    lambda name: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name),
    lambda name: f"{name} 100 mg",
    lambda name: f"{name} 0,18mg 2x daily",
    lambda name: f"  {name}® retard 1-0-1 ",
    lambda name: f"I took {name} last week for my skin",
    lambda name: f"seit 3 Wochen {name}, morgens eine Tablette",
    lambda name: name.replace("-", "\u2011").replace("'", "\u2019").replace(" ", "\u00a0"),
    lambda name: "\u00ad".join((name[: len(name) // 2], name[len(name) // 2 :])),
)


def photosensitiser_names(*tiers: int) -> list[tuple[str, frozenset[str]]]:
    """Each name of each photosensitiser of these tiers, with every ingredient that this name stands for."""
    known = known_medicines()
    rows = [(name, name) for name in known]
    rows += [(name, row.ingredient) for row in medicine_names for name in row.each]
    every: dict[str, set[str]] = {}
    for name, ingredient in rows:
        every.setdefault(name, set()).add(ingredient)
    wanted = [name for name, ingredients in every.items() if any(known[one].tier in tiers for one in ingredients)]
    return [(name, frozenset(every[name])) for name in wanted]


def ways_of(name: str, other: str) -> Iterator[str]:
    """The name alone, in a sentence, with a dose, in other letters, and beside another medicine."""
    yield from (way(name) for way in _WAYS)
    for separator in SEPARATORS:
        yield name + separator + other
        yield other + separator + name


def missed(name: str, ingredients: frozenset[str], other: str) -> list[str]:
    """The writings in which an ingredient of the name is not found."""
    return [text for text in ways_of(name, other) if not ingredients <= {m.name for m in medicines_in(text)}]
