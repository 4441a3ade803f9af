"""Finds sentences that say of an arrow of the mechanism below grade A that it does happen.

A sentence is one where something that is said to act (light, or what light is said to change) does something to what it
is said to act on, and no word of doubt stands in it. What a study saw is told in the past and is no such sentence.
"""

from __future__ import annotations

import re

__all__ = ["asserted"]

_ACTS = (
    r"(?:light|photobiomodulation|phototherapy|PBM|lasers?|infrared|LEDs?|cytochrome c oxidase|enzyme|VEGF|signal"
    r"|(?:small |new )?vessels|capillaries|inflammation|nerves?|defence|cells|antioxidants|haemoglobin|blood)"
)
#: Words between the two that leave the sentence what it is: where the light falls, and how surely it acts.
_BETWEEN = (
    r"(?:,? (?:day|after|itself|alone|therapy|treatment|on|at|in|of|from|to|against|which|this|way|the|a|an|your|its"
    r"|legs?|nerves?|calf|skin|muscles?|brain|raised|reactive|oxygen|cell's|power|plant|often|also|really|then|thus|now|can"
    r"|will|does|directly|gently|clean|up|well|faster|too|much)){0,7},?"
)
_DOES = (
    r"(?:eases?|relieves?|helps?|heals?|treats?|frees?|releases?|opens?|widens?|dilates?|raises?|boosts?|increases?"
    r"|improves?|lowers?|reduces?|calms?|soothes?|grows?|makes?|lets?|speeds?|silences?|blocks?|numbs?|relaxes|loosens?"
    r"|restores?|repairs?|undoes|takes? up|takes? a brake|gives? up|keeps?|changes?|are less)"
)
_UPON = (
    r"(?:nitric oxide|NO\b|ATP|energy|oxidase|enzyme|light|vessels?|blood|flow|oxygen|inflam\w+|nerves?|pain\w*"
    r"|symptoms?|VEGF|signal|capillar\w+|antioxidants?|defence|dopamine|endorphins?|muscles?|fibres?|conduction|hurt|mend|little)"
)
_SAYS = re.compile(rf"\b{_ACTS}\b{_BETWEEN} {_DOES}\b[^.;:]{{0,60}}?\b{_UPON}", re.IGNORECASE)
_SAYS_TOO = re.compile(r"\blight (?:never|does not) wears? off\b|\byou feel better\b", re.IGNORECASE)
_DOUBT = re.compile(
    r"\b(?:said|says?|saying|claims?|claimed|would|might|may|could|if|whether|suppos\w+|unless|nobody|assum\w+|guess|doubt"
    r"|how (?:well|much|fast|long)"
    r"|no (?:proof|evidence|trial|study|way|test)|not (?:shown|known|proven|settled|clear|seen)|unproven"
    r"|is no|untrue|wrong)\b|\?",
    re.IGNORECASE,
)
# A cell of a table, an item of a list and a heading end a sentence as a full stop does.
_ENDS = re.compile(r"(?<=[.!?;:])\s+|\s\.\s|\||\n\s*(?:[-*#]|\d+\.)|\n\s*\n")


def asserted(text: str) -> list[str]:
    """The sentences of a text that say so.

    >>> asserted("It is said that light lowers inflammation. Light lowers inflammation.")
    ['Light lowers inflammation.']
    >>> asserted("Light warms skin. In rabbits vessels grew faster under light.")
    []
    """
    sentences = (" ".join(part.split()) for part in _ENDS.split(text))
    return [each for each in sentences if (_SAYS.search(each) or _SAYS_TOO.search(each)) and not _DOUBT.search(each)]
