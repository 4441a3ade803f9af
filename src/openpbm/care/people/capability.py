"""What somebody must be able to do to use a lamp at home with no clinic beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

__all__ = ["CAPABILITIES", "CAPABILITY_WAITS", "CHANGED_BECAUSE", "Capability"]

#: After a no, a yes to everything counts so long later, with what has changed beside the answers under this key.
CAPABILITY_WAITS, CHANGED_BECAUSE = dt.timedelta(hours=24), "changed_because"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One thing to be able to do, asked as a question that yes answers well.

    in_short : the same as a line of the list “I can”
    lacking : what is said when the answer is no
    """

    id: str
    question: str
    in_short: str
    lacking: str


CAPABILITIES = (
    Capability(
        id="distance",
        question="Can you measure the distance between lamp and skin, and keep it for the whole session?",
        in_short="keep the lamp at the measured distance all session",
        lacking="The distance decides how much light reaches you, so somebody must be able to measure it.",
    ),
    Capability(
        id="see_skin",
        question="Can you see the treated skin before and after each session, with a mirror if need be?",
        in_short="see that skin before and after, with a mirror if need be",
        lacking="A skin reaction must be seen early, so somebody must look at the skin.",
    ),
    Capability(
        id="feel_heat",
        question="Can you feel on the treated skin that something is too warm?",
        in_short="feel there when it gets too warm",
        lacking="Skin that cannot feel heat can be burned without notice.",
    ),
    Capability(
        id="reach_site",
        question="Can you put the lamp in place and sit or lie still there, without help?",
        in_short="place the lamp and keep still, without help",
        lacking="A lamp that slips gives another dose than the one that was planned.",
    ),
    Capability(
        id="stop",
        question="Can you switch the lamp off at once, by yourself, at any moment?",
        in_short="switch it off at once, by myself",
        lacking="Nobody should lie under a lamp that they cannot switch off.",
    ),
    Capability(
        id="eyes",
        question="Can you keep your eyes, and the eyes of children and animals, away from the light?",
        in_short="keep eyes away from the light, also children’s and animals’",
        lacking="The light can harm eyes, and part of it cannot be seen.",
    ),
    Capability(
        id="call",
        question="Is there somebody you can call the same day when something seems wrong?",
        in_short="call somebody the same day if something seems wrong",
        lacking="Nobody watches this application live, so there must be somebody to call.",
    ),
    Capability(
        id="read",
        question="Can you read and follow these pages, and write down what happens?",
        in_short="read and follow these pages, and write down what happens",
        lacking="The course is only safe when what happens is written down.",
    ),
)
