"""However deep it is called, a loop of calls maps no memory: pages spent a sixth of their time on that."""

from __future__ import annotations

import resource
from collections.abc import Callable

import pytest

from openpbm.care.call_stack import in_one_piece

TURNS = 500


def faults_of_calls() -> int:
    """How often the system had to make a page of memory while calls came and went."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(TURNS):
        called(3)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def called(times: int) -> int:
    return called(times - 1) if times else 0


def at_depth(depth: int, call: Callable[[], int]) -> int:
    return at_depth(depth - 1, call) if depth else call()


def test_no_depth_is_a_border() -> None:
    def worst() -> int:
        return max(at_depth(depth, faults_of_calls) for depth in range(400))

    assert in_one_piece(worst) < TURNS / 10


def test_arguments_answer_and_error_go_through() -> None:
    assert in_one_piece(divmod, 7, 2) == (3, 1)
    assert in_one_piece(int, "11", base=2) == 3
    with pytest.raises(ZeroDivisionError):
        in_one_piece(divmod, 7, 0)
