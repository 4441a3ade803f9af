"""Whether a reason under a signature is one: a word of assent says nothing to whoever reads the record later."""

from __future__ import annotations

import re

from openpbm.errors import Problem

__all__ = ["reason_problems"]

#: Shorter than this nothing was said [letters]; scripts that write a word as one sign need fewer.
_FEWEST_LETTERS, _FEWEST_SIGNS = 10, 5
#: Words that agree without saying why, in the languages of most pages; alone they are no reason.
_WORDS = """
    a above accept accepted again ahead agree agreed all allow allowed alright and any approve approved are as
    asap at be because before below can checked confirm confirmed continue decided do does done everything fine
    for from go going good great had has have he her here him his hold holds i in is issue it its just lift
    lifted light look looked looks may me my n na no none not nothing now of off ok okay okey oki on our over
    please problem problems proceed ready reason release released resume right same see session sessions she
    should so start sure test that thanks the their them there they thing things this to today us use very was
    we well were why will with yep yes you your alles bitte das der die ein einverstanden es gut ich ist ja kein
    keine klar mehr nichts ordnung passt sitzung sitzungen und weiter wieder wir bien bueno de del el en esta la
    lo los muy puede seguir si sin todo vale acuerdo adelante accord bon c ca ce cela d est et le les oui peut
    tout va
"""
_SAY_NOTHING = frozenset(_WORDS.split())


def reason_problems(reason: str, key: str, *, remedy: str) -> list[Problem]:
    """What is wrong with a reason that somebody signs; empty for one that says something.

    >>> [problem.message for problem in reason_problems("ok, fine by me", "reason", remedy="say what was seen")]
    ['says no reason']
    >>> reason_problems("Healed; looked at in the clinic", "reason", remedy="say what was seen")
    []
    """
    if not reason.strip():
        return [Problem(key=key, message="empty", remedy=remedy)]
    if _says_something(reason.casefold()):
        return []
    return [Problem(key, reason.strip(), "says no reason", f"{remedy}, in a few words")]


def _says_something(reason: str) -> bool:
    signs = re.findall(r"[\u2e80-\ud7ff\uf900-\ufaff]", reason)
    if signs:
        return len(signs) >= _FEWEST_SIGNS and len(set(signs)) > 2
    words = re.findall(r"[^\W\d_]+", reason)
    told = {word for word in words if len(word) > 2 and word not in _SAY_NOTHING and len(set(word)) > 1}
    return sum(map(len, words)) >= _FEWEST_LETTERS and len(set(words)) > 1 and bool(told)
