"""A scene in, a light field out: the one way to the engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from openpbm.errors import BadInput, Problem
from openpbm.transport.light_field import LightField
from openpbm.transport.scene import Scene, check

__all__ = ["Method", "simulate"]

Method = Literal["discrete_ordinates", "monte_carlo"]


def simulate(
    scene: Scene,
    *,
    method: Method | None = None,
    threads: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> LightField:
    """Light in a layered stack, per launched power.

    scene : Scene                 layers, source, depths; photons and seed for Monte Carlo
    method : str or None          "discrete_ordinates", milliseconds and no noise, or "monte_carlo"; None takes the
                                  first where it applies: everywhere but for an isotropic source at depth
    threads : int or None         worker threads, None for all processors; the answer's bits do not depend on it
    progress : callable or None   called now and then with the fraction done, in the calling thread
    Returns LightField [-], each tally with its error: the standard error of its batch means by photons, an
    estimate from two orders by discrete ordinates. Raises BadInput with every problem of the scene.
    Methods and checks: docs/methods/transport.md.

    >>> from openpbm.transport import Layer, Source
    >>> muscle = Layer(name="muscle", thickness_mm=None, mu_a_per_mm=0.03, mu_s_per_mm=7.0, g=0.93, n=1.37)
    >>> scene = Scene(layers=(muscle,), source=Source(kind="uniform"), photons=2000, depths_mm=(2.0, 10.0))
    >>> lit, followed = simulate(scene), simulate(scene, method="monte_carlo")
    >>> near, deep = lit.fluence_rate
    >>> near.value > 3 * deep.value, lit.energy_balance_error < 1e-9
    (True, True)
    >>> abs(followed.fluence_rate[0].value - near.value) < 5 * followed.fluence_rate[0].standard_error
    True
    """
    if problems := check(scene, tabulated=True):
        raise BadInput(problems)
    at_depth = scene.source.kind == "isotropic"
    if method == "discrete_ordinates" and at_depth:
        problem = Problem(
            key="source.kind",
            message='"isotropic" cannot be had by discrete_ordinates',
            remedy="leave out the method, or ask for monte_carlo",
        )
        raise BadInput([problem])
    if method == "monte_carlo" or at_depth:
        from openpbm.transport.monte_carlo import simulate_by_photons

        return simulate_by_photons(scene, threads=threads, progress=progress)
    from openpbm.transport.plane_field import simulate_by_discrete_ordinates

    return simulate_by_discrete_ordinates(scene)
