"""Every medicine that is named in a text, however it is written: brands, spellings, abbreviations, ATC codes.

Names and texts are folded alike: compatibility forms (full width), capitals, accents, look-alike letters. What stands
between two pieces of a name does not count, so "5-ALA", "5 ALA" and "5ALA" are one, and so are L01XD04 and L01 XD04.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from openpbm.facts.medicine_spelling import fold, sounds_like, spellings
from openpbm.facts.medicines import Medicine, known_medicines, medicine_names, pack_words

__all__ = ["MedicineText", "NamedMedicine", "medicines_in", "nearest_names", "read_medicines", "says_none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMedicine:
    """A medicine and the words of the text that name it."""

    medicine: Medicine
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicineText:
    """What a text names.

    found : every medicine, in the order of the text; one that is named twice stands there once
    unknown : codes of whole classes, words that name none we know and that no pack or dose explains, and then items
        of the list that speak of a medicine without naming it
    unlisted_codes : full ATC codes without a row: they say what is taken, and we know nothing about it
    """

    found: tuple[NamedMedicine, ...]
    unknown: tuple[str, ...]
    unlisted_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of letters or of digits, folded, and where it stands."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Span:
    """Pieces `first` to `last`, both included, and what they name; nothing for a code that is not listed."""

    first: int
    last: int
    names: tuple[Medicine, ...]


# A name written with a sign or a blank after each letter must still fit: v.e.r.t.e.p.o.r.f.i.n
_MOST_PIECES = 16
# Shorter names are found as whole words only: "as a matter" is not ASA.
_JOINS_OVER_BLANKS = 5
# Inside a longer word a name this long is no accident: Johanniskrautkapseln, amiodarone/x run together.
_INSIDE_A_WORD = 7


def read_medicines(text: str) -> MedicineText:
    """Every medicine named in a text, and what names none.

    >>> read = read_medicines("hydrochlorothiazide 12,5 mg + Visudyne, foobarol")
    >>> [named.medicine.name for named in read.found], read.unknown
    (['hydrochlorothiazide', 'verteporfin'], ('foobarol',))
    """
    clean = _clean(text)
    pieces = _pieces(clean)
    spans = _widest([*_named_spans(pieces, clean), *_code_spans(pieces, clean)])
    covered = {number for span in spans for number in range(span.first, span.last + 1)}
    found: list[NamedMedicine] = []
    codes: list[str] = []
    for span in spans:
        written = clean[pieces[span.first].start : pieces[span.last].end]
        found.extend(NamedMedicine(medicine=medicine, written=written) for medicine in span.names)
        if not span.names:
            codes.append(written)
    classes = tuple(dict.fromkeys(code for code in codes if not _is_full_code(code)))
    codes = [code for code in codes if _is_full_code(code)]
    rest = [number for number in range(len(pieces)) if number not in covered]
    inside = [(number, _inside_a_word(pieces[number].folded)) for number in rest]
    for number, (names, _) in inside:
        written = clean[pieces[number].start : pieces[number].end]
        found.extend(NamedMedicine(medicine=medicine, written=written) for medicine in names)
    explained = {number for number, (_, whole) in inside if whole}
    left = [number for number in rest if number not in explained and _is_unexplained(pieces[number].folded)]
    spoken_of = covered | set(left) | {number for number, (names, _) in inside if names}
    unknown = classes + _chunks(left, pieces, clean)
    unknown += _unnamed_items(_list_items(pieces, clean, spans), spoken_of, pieces, clean)
    if not (found or codes or unknown) and clean.strip():
        unknown = (clean.strip(),)
    return MedicineText(found=_once_each(found), unknown=unknown, unlisted_codes=tuple(dict.fromkeys(codes)))


def medicines_in(text: str) -> tuple[Medicine, ...]:
    """Every medicine named in a text.

    >>> [medicine.tier for medicine in medicines_in("simvastatin/amiodarone")]
    [3, 2]
    """
    return tuple(named.medicine for named in read_medicines(text).found)


def says_none(text: str) -> bool:
    """Whether a text says in words that no medicine is taken.

    >>> says_none("No medicines."), says_none("n/a"), says_none("nonoxynol"), says_none("?")
    (True, True, False, False)
    """
    folded = "".join(piece.folded for piece in _pieces(_clean(text)))
    # Signs alone fold to no letter: "-" says none, a question mark says that nobody knows.
    return folded in _none_words() and "?" not in _clean(text)


def nearest_names(text: str, most: int = 3) -> tuple[str, ...]:
    """The names that may have been meant, the most alike first; a wrong guess is only offered, never taken.

    >>> nearest_names("amiodarrone", most=1)
    ('amiodarone',)
    """
    # difflib is read only where a name is not known, which is rare.
    import difflib

    wanted = "".join(piece.folded for piece in _pieces(_clean(text)))
    shown = _shown_names()
    # No name is that long, and to compare a whole letter with every name takes a second.
    if len(wanted) > 2 * _longest_name():
        return ()
    begun = [key for key in shown if len(wanted) >= 4 and key.startswith(wanted)]
    close = difflib.get_close_matches(wanted, shown, n=most * 2, cutoff=0.75)
    return tuple(dict.fromkeys(shown[key] for key in (*close, *sorted(begun, key=len))))[:most]


def _clean(text: str) -> str:
    # Compatibility forms make letters of the trade mark sign: LipitorTM.
    return unicodedata.normalize("NFKC", text.translate({0x2122: " ", 0x2120: " "}))


def _pieces(clean: str) -> list[_Piece]:
    runs = re.finditer(r"[^\W\d_]+|\d+", clean)
    return [_Piece(fold(run.group()), run.start(), run.end()) for run in runs]


def _named_spans(pieces: Sequence[_Piece], clean: str) -> Iterator[_Span]:
    names, longest = _names(), _longest_name()
    for first in range(len(pieces)):
        joined = ""
        for last in range(first, min(first + _MOST_PIECES, len(pieces))):
            joined += pieces[last].folded
            if len(joined) > longest:
                break
            named = names.get(joined)
            if named is None and joined not in _words_beside() and not _has_blank(pieces, first, last, clean):
                named = _by_sound(joined)
            if named and (len(joined) >= _JOINS_OVER_BLANKS or _is_one_word(pieces, first, last, clean)):
                yield _Span(first, last, named)


def _by_sound(word: str) -> tuple[Medicine, ...] | None:
    """The medicine whose name only a language spells differently: Doxycyclin, doxiciclina."""
    for singular in (word, word.removesuffix("s")):
        if (named := _names().get(singular) or _names_by_sound().get(sounds_like(singular))) is not None:
            return named
    return None


def _is_one_word(pieces: Sequence[_Piece], first: int, last: int, clean: str) -> bool:
    """Whether pieces with something between them are one short name: P.D.T., 5 ALA; but not "as a"."""
    own = [piece.folded for piece in pieces[first : last + 1]]
    if not _has_blank(pieces, first, last, clean) or own[0].isdigit():
        return True
    return all(len(piece) == 1 for piece in own)


def _has_blank(pieces: Sequence[_Piece], first: int, last: int, clean: str) -> bool:
    return any(character.isspace() for character in clean[pieces[first].start : pieces[last].end])


# The anatomical groups and how many subgroups each has; B12 is a vitamin, not a code.
_SUBGROUPS = {"a": 16, "b": 6, "c": 10, "d": 11, "g": 4, "h": 5, "j": 7, "l": 4, "m": 9, "n": 7, "p": 3, "r": 7, "s": 3}
_SUBGROUPS["v"] = 20
# "vitamin C 10 mg 20" would read as a code.
_UNITS = frozenset({"mg", "ml", "kg", "cm", "dl", "cl", "ug", "ie", "iu", "nm"})
_FULL_CODE = 7


def _code_spans(pieces: Sequence[_Piece], clean: str) -> Iterator[_Span]:
    for first in range(len(pieces)):
        # L 01 X D 04 is six pieces.
        for last in range(first + 1, min(first + 6, len(pieces))):
            code = "".join(piece.folded for piece in pieces[first : last + 1])
            if not _is_code(code):
                continue
            alone = first == 0 and last == len(pieces) - 1
            # Short of a full code only what is written without a blank is one: "C 10" may be anything.
            if len(code) == _FULL_CODE or alone or not _has_blank(pieces, first, last, clean):
                medicine = _by_code(code)
                yield _Span(first, last, () if medicine is None else (medicine,))


def _is_full_code(written: str) -> bool:
    return sum(character.isalnum() for character in written) == _FULL_CODE


def _is_code(word: str) -> bool:
    shape = re.fullmatch(r"([a-z])(\d\d)(?:([a-z])|([a-z]{2})(\d\d)?)?", word)
    if shape is None or not 1 <= int(shape[2]) <= _SUBGROUPS.get(shape[1], 0):
        return False
    return shape[4] not in _UNITS


def _by_code(code: str) -> Medicine | None:
    """The row of a code, else that of the longest class it belongs to."""
    codes = _codes()
    return next((codes[part] for end in range(len(code), 2, -1) if (part := code[:end]) in codes), None)


def _inside_a_word(word: str) -> tuple[tuple[Medicine, ...], bool]:
    """Medicines that a word without a match is made of, and whether names and pack words explain all of it."""
    if len(word) < _INSIDE_A_WORD and word.isascii():
        return (), False
    parts = _taken_apart(word)
    if parts is not None:
        return tuple(medicine for part in parts for medicine in _names().get(part, ())), True
    return tuple(medicine for name, named in _harmful_inside().items() if name in word for medicine in named), False


def _least_inside(name: str) -> int:
    # Chinese and Japanese write no blanks and name a medicine in a few characters.
    return _INSIDE_A_WORD if any(character < "\u2e80" for character in name) else 3


def _taken_apart(word: str) -> list[str] | None:
    """A word as names of five letters or more and pack words, end to end; None when something is left over."""
    names, beside = _names(), _words_joined()
    ways: list[list[str] | None] = [[], *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - _longest_name()), end):
            before, part = ways[start], word[start:end]
            if before is None or not (part in beside or (len(part) >= _JOINS_OVER_BLANKS and part in names)):
                continue
            # The way with the fewest parts has the longest names in it.
            so_far = ways[end]
            if so_far is None or len(before) + 1 < len(so_far):
                ways[end] = [*before, part]
    return ways[-1]


def _widest(spans: Sequence[_Span]) -> list[_Span]:
    """The spans that lie in no other, in the order of the text: "iron sucrose" is not iron beside it."""
    ends: dict[int, _Span] = {}
    for span in spans:
        if span.first not in ends or span.last > ends[span.first].last:
            ends[span.first] = span
    widest: list[_Span] = []
    for span in sorted(ends.values(), key=lambda span: span.first):
        if not widest or span.last > widest[-1].last:
            widest.append(span)
    return widest


def _chunks(numbers: Iterable[int], pieces: Sequence[_Piece], clean: str) -> tuple[str, ...]:
    """The words that nothing explains, those side by side as one."""
    chunks: list[tuple[int, int]] = []
    for number in numbers:
        start, end = pieces[number].start, pieces[number].end
        if chunks and re.fullmatch(r"[\s'’.-]*", clean[chunks[-1][1] : start]):
            chunks[-1] = (chunks[-1][0], end)
        else:
            chunks.append((start, end))
    return tuple(dict.fromkeys(clean[start:end] for start, end in chunks))


def _is_unexplained(word: str) -> bool:
    return not word.isdigit() and not (len(word) == 1 and word.isascii()) and word not in _words_beside()


# What parts the items of a list; a comma or a slash between numbers or units does not.
_BETWEEN_ITEMS = re.compile(r"[,;+/&|•\n\t]|\s[-–—]\s")


def _list_items(pieces: Sequence[_Piece], clean: str, spans: Sequence[_Span]) -> list[list[int]]:
    """The pieces of a text by the items of its list; a name that holds a separator stays whole."""
    inside = {number for span in spans for number in range(span.first + 1, span.last + 1)}
    units, joining = _folded_words("unit"), _folded_words("joining")
    items: list[list[int]] = [[]]
    for number, piece in enumerate(pieces):
        before = pieces[number - 1].folded
        sign = _BETWEEN_ITEMS.search(clean, pieces[number - 1].end, piece.start) if number else None
        # 0,18 mg and 50 mcg/dose are doses.
        of_a_dose = (before.isdigit() and piece.folded.isdigit()) or (before in units and sign and sign[0] == "/")
        parted = sign is not None and not of_a_dose
        if number not in inside and (parted or piece.folded in joining):
            items.append([])
        if number in inside or piece.folded not in joining:
            items[-1].append(number)
    return items


def _unnamed_items(
    items: Iterable[Sequence[int]], spoken_of: Set[int], pieces: Sequence[_Piece], clean: str
) -> tuple[str, ...]:
    """Items that speak of a medicine and do not name it: beside "ramipril" is "a cream for acne" no word of a dose.

    spoken_of : the pieces that name something, or are asked about
    """
    unnamed = [
        clean[pieces[item[0]].start : pieces[item[-1]].end]
        for item in items
        if item and not spoken_of & set(item) and _means_a_medicine([pieces[number].folded for number in item])
    ]
    unnamed += re.findall(r"(?:^|[,;+/&|\n])\s*(\?+)\s*(?=$|[,;+/&|\n])", clean)
    return tuple(dict.fromkeys(unnamed))


def _means_a_medicine(words: Sequence[str]) -> bool:
    """Whether words stand for a medicine: an antibiotic, a dye; or something given, with what it is for."""
    if _folded_words("unnamed") & set(words):
        return True
    forms, counts = _folded_words("form"), _folded_words("count")
    pairs = zip(("", *words), words, strict=False)
    # "1 tablet" is a dose of what stands before.
    given = any(word in forms and not (before.isdigit() or before in counts) for before, word in pairs)
    return given and bool(_folded_words("reason") & set(words))


def _once_each(found: Iterable[NamedMedicine]) -> tuple[NamedMedicine, ...]:
    return tuple({named.medicine.name: named for named in reversed(list(found))}.values())[::-1]


@functools.cache
def _names() -> dict[str, tuple[Medicine, ...]]:
    """Every folded name with the ingredients it stands for."""
    known = known_medicines()
    rows = [(medicine.name, medicine) for medicine in known.values()]
    rows += [(name, known[row.ingredient]) for row in medicine_names for name in row.each]
    names: dict[str, tuple[Medicine, ...]] = {}
    for name, medicine in rows:
        for key in spellings(name):
            held = names.get(key, ())
            names[key] = held if medicine in held else (*held, medicine)
    return names


@functools.cache
def _harmful_inside() -> dict[str, tuple[Medicine, ...]]:
    """Names that are looked for inside a word, each with what of it could do harm."""
    # The rest of the word stays unknown and is asked about; until then nothing else counts.
    harmful = {name: tuple(one for one in named if one.tier in (1, 2)) for name, named in _names().items()}
    return {name: named for name, named in harmful.items() if named and len(name) >= _least_inside(name)}


@functools.cache
def _longest_name() -> int:
    # A plural may be one letter longer than its name.
    return max(len(name) for name in _names()) + 1


@functools.cache
def _names_by_sound() -> dict[str, tuple[Medicine, ...]]:
    """Names by what all languages leave of them; what two medicines share is left out, unless both are as grave."""
    sounds: dict[str, tuple[Medicine, ...]] = {}
    shared: set[str] = set()
    for name, named in _names().items():
        sound = sounds_like(name)
        if sounds.setdefault(sound, named) != named:
            shared.add(sound)
            sounds[sound] = tuple(dict.fromkeys((*sounds[sound], *named)))
    kept = ((sound, named) for sound, named in sounds.items() if sound not in shared or _both_grave(named))
    # The shorter the rest, the likelier another word leaves the same.
    return {sound: named for sound, named in kept if len(sound) >= 6}


def _both_grave(named: Sequence[Medicine]) -> bool:
    tiers = {medicine.tier for medicine in named}
    return len(tiers) == 1 and tiers <= {1, 2}


@functools.cache
def _codes() -> dict[str, Medicine]:
    return {code.casefold(): medicine for medicine in known_medicines().values() for code in medicine.atc}


@functools.cache
def _shown_names() -> dict[str, str]:
    names = [*known_medicines(), *(name for row in medicine_names for name in row.each)]
    return {key: name for name in reversed(names) for key in spellings(name)}


@functools.cache
def _words_beside() -> frozenset[str]:
    return _folded_words("unit", "form", "salt", "maker", "when", "everyday", "reason", "unnamed", "joining", "count")


@functools.cache
def _words_joined() -> frozenset[str]:
    """Pack words that are written onto a name: Ketoprofengel, Chininsulfat. Shorter ones fit too many words."""
    return frozenset(word for word in _folded_words("form", "salt", "maker") if len(word) >= 3)


@functools.cache
def _folded_words(*kinds: str) -> frozenset[str]:
    return frozenset(key for kind in kinds for word in pack_words(kind) for key in spellings(word))


@functools.cache
def _none_words() -> frozenset[str]:
    # Signs alone say nothing but "none": "-" folds to no letter at all.
    return frozenset({"", *(key for phrase in pack_words("none") for key in spellings(phrase))})
