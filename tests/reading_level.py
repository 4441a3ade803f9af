"""Flesch-Kincaid grade of English text (Kincaid and others 1975): years of schooling that reading it takes.

Syllables are counted by rule, with the words that the rules miss listed. A number counts one syllable a digit, about
what it is read as. The packages that do this fetch a dictionary when they are first used, which our tests may not.
"""

from __future__ import annotations

import re

_LISTED = {
    **{"area": 3, "areas": 3, "being": 2, "create": 2, "diabetes": 4, "every": 2, "everyone": 3, "fluid": 2},
    **{"idea": 3, "ideas": 3, "infrared": 3, "medicine": 3, "medicines": 3, "nausea": 3, "people": 2, "react": 2},
    **{"someone": 2, "something": 2, "sometimes": 2, "quite": 1},
}
_SILENT_ENDING = re.compile(r"(?:[^aeiouylszxcg]|[aeiouy]l)es$|[^dtaeiouy]ed$|(?:[^aeiouyl]|[aeiouy]l)e$")
_ENDING_LED = re.compile(r"[^aeiouyl]led$")
_SILENT_INSIDE = re.compile(r"[aeiouy][^aeiouy]+e(?=(?:ly|ful|less|ment|body|where)$)")
_TWO_VOWELS = re.compile(r"(?<![tcsg])ia|(?<![tcsgnl])io|iu|iet|(?<![ct])ien[ct]|(?<!p)eo|(?<![qg])ua|[aeouy]ing$")


def syllables(word: str) -> int:
    """Syllables of one word, never less than one.

    >>> [syllables(word) for word in ("light", "lamp", "session", "photobiomodulation", "medicine", "850")]
    [1, 1, 2, 8, 3, 3]
    """
    letters = word.lower().strip("'’")
    if any(sign.isdigit() for sign in letters):
        return sum(sign.isdigit() for sign in letters)
    if letters in _LISTED:
        return _LISTED[letters]
    count = len(re.findall(r"[aeiouy]+", letters)) + len(_TWO_VOWELS.findall(letters))
    count -= bool(_SILENT_ENDING.search(letters)) and not _ENDING_LED.search(letters)
    count -= bool(_SILENT_INSIDE.search(letters))
    return max(1, count)


def grade(text: str) -> float:
    """Flesch-Kincaid grade of a text: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.!?]+(?=\s|$)", text) if re.search(r"\w", part)]
    words = re.findall(r"[A-Za-z’']+|\d+(?:[.,]\d+)*", text)
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
