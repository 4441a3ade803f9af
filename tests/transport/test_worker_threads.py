"""What is solved in threads of ours keeps the matrix library to one thread each, and leaves its setting as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import scipy.linalg  # noqa: F401 (its matrix library is a second one)
from threadpoolctl import threadpool_info, threadpool_limits

from openpbm.transport import Incidence, PlaneStacks, depth_light, lateral_spread, plane_light, ring_shares
from openpbm.transport.stack_groups import in_worker_threads

NORMAL = Incidence.plane_wave()
MUSCLE = PlaneStacks.of([50.0], [0.03], [7.0], [0.9], [1.37])
MANY = MUSCLE.take(np.zeros(300, dtype=np.intp))


def matrix_threads() -> set[int]:
    """Threads that the matrix libraries of this process would use now."""
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def elsewhere(job: Callable[[], object]) -> threading.Thread:
    """The job in a thread of its own, begun."""
    thread = threading.Thread(target=job)
    thread.start()
    return thread


@pytest.fixture(autouse=True)
def three_threads() -> Iterator[None]:
    """As on a machine of three processors where nobody has said how many may be used."""
    before = min(matrix_threads())
    # Whoever sets a limit is the only one who can, as long as he lives: so not the thread of the test.
    elsewhere(lambda: threadpool_limits(3, user_api="blas")).join()
    yield
    elsewhere(lambda: threadpool_limits(before, user_api="blas")).join()


class Observed:
    """A function that notes the threads of linear algebra, and its own thread, whenever it is called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
        self.threads: list[set[int]] = []
        self.workers: set[int] = set()
        original = getattr(module, name)

        def watched(*arguments: object) -> object:
            self.threads.append(matrix_threads())
            self.workers.add(threading.get_ident())
            return original(*arguments)

        monkeypatch.setattr(module, name, watched)


@pytest.mark.parametrize("threads", [1, 2])
def test_depth_light_keeps_linear_algebra_to_one_thread(monkeypatch: pytest.MonkeyPatch, threads: int) -> None:
    """Opened when a plan cost twelve times the processor time where OPENBLAS_NUM_THREADS was not set."""
    solved = Observed(monkeypatch, plane_light, "solve_group")
    depth_light(MANY, NORMAL, np.array([5.0]), accuracy=1e-2, threads=threads)
    assert len(solved.threads) >= 4
    assert solved.threads == [{1}] * len(solved.threads)
    assert (threading.get_ident() in solved.workers) == (threads == 1)
    assert matrix_threads() == {3}


def test_ring_shares_keeps_linear_algebra_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    solved = Observed(monkeypatch, lateral_spread, "layered_spectrum")
    ring_shares(MANY, NORMAL, np.array([5.0]), np.array([0.0, 5.0]))
    assert len(solved.threads) >= 2
    assert solved.threads == [{1}] * len(solved.threads)
    assert matrix_threads() == {3}


def test_an_error_leaves_the_setting_as_it_was() -> None:
    def fail(part: int) -> None:
        raise ZeroDivisionError(part)

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            in_worker_threads(fail, [1, 2], 2)
        assert matrix_threads() == {3}
    assert in_worker_threads(lambda _: matrix_threads(), [0], 1) == [{1}]


def test_two_at_once_leave_the_setting_as_it_was() -> None:
    """Who came second and leaves last must not restore what he found, the one thread of the first."""
    first_is_out = threading.Event()

    def first(_: int) -> threading.Thread:
        second_is_in = threading.Event()

        def second(_: int) -> None:
            second_is_in.set()
            assert first_is_out.wait(30)

        thread = elsewhere(lambda: in_worker_threads(second, [0], 1))
        assert second_is_in.wait(30)
        assert matrix_threads() == {1}
        return thread

    (thread,) = in_worker_threads(first, [0], 1)
    first_is_out.set()
    thread.join()
    assert matrix_threads() == {3}
