"""How the name of a medicine is folded, so that its spellings in several scripts and languages are one word."""

from __future__ import annotations

import functools
import re
import unicodedata

__all__ = ["fold", "sounds_like", "spellings"]

# Letters that no decomposition takes apart.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
# Letters of Cyrillic and Greek that look like Latin ones: a name pasted from elsewhere may hold them unseen.
_LOOK_ALIKES = str.maketrans("асеонкмрітхуѕјһԁԛαεονκρτυχιβη", "aceohkmpitxysjhdqaeovkptuxibn")


@functools.lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A word as plain small letters and digits.

    >>> fold("Methylène"), fold("ＩＣＧ"), fold("Vеrteporfin")  # the last with a Cyrillic letter
    ('methylene', 'icg', 'verteporfin')
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character)).translate(_PLAIN)
    mixed = re.search(r"[a-z]", plain) and re.search(r"[\u0370-\u052f]", plain)
    # A word wholly in Cyrillic or Greek is of that language and stays what it is.
    return plain.translate(_LOOK_ALIKES) if mixed else plain


def spellings(name: str) -> tuple[str, ...]:
    """The folded forms of a listed name, its pieces run together; ä is written ae as well.

    >>> spellings("5-Aminolävulinsäure")
    ('5aminolavulinsaure', '5aminolaevulinsaeure')
    """
    composed = unicodedata.normalize("NFKC", name)
    forms = (composed,) if composed.isascii() else (composed, composed.casefold().translate(_UMLAUTS))
    return tuple(dict.fromkeys("".join(fold(run) for run in re.findall(r"[^\W_]+", form)) for form in forms))


# Patterns, and what stands in their place.
_RULES = (
    (r"ph", "f"),
    (r"qu", "c"),
    (r"[kz]", "c"),
    (r"(?<=[crtgls])h|^h", ""),
    (r"x", "cs"),
    (r"y", "i"),
    (r"ae|oe", "e"),
    (r"(.)\1", r"\1"),
    (r"[aeiou]+$", ""),
)


@functools.lru_cache(maxsize=8192)
def sounds_like(word: str) -> str:
    """What English, German, French, Spanish and Italian leave of one international name.

    >>> {sounds_like(word) for word in ("hydrochlorothiazide", "hydrochlorothiazid", "hidroclorotiazida")}
    {'idroclorotiacid'}
    """
    for pattern, put in _RULES:
        word = re.sub(pattern, put, word)
    return word
