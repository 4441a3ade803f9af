"""Room for deep calls, in one piece of memory.

Python keeps the frames of its calls in pieces of 16 KiB, and gives a piece back to the system as soon as the last frame
in it returns. A loop whose calls just reach over such a border has memory mapped and unmapped at each turn: a page of
the web application did that some hundred times, a sixth of its time. A frame that asks for much is given a piece with
as much room again, and whatever it calls lies in that; what of it nobody touches costs nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

__all__ = ["in_one_piece"]

P = ParamSpec("P")
R = TypeVar("R")

#: Eight bytes each: a little more than half a piece of 1 MiB, whose other half holds more calls than Python allows.
_SLOTS = 70_000


def in_one_piece(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the call gives, its frames and those of whatever it calls kept in one piece."""
    return call(*args, **kwargs)


in_one_piece.__code__ = in_one_piece.__code__.replace(co_stacksize=_SLOTS)
