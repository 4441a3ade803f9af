"""One photon's life: launch, move, absorb, cross, scatter, roulette. The tally write is handed in.

Absorption is continuous along the path: free paths are drawn from mu_s alone and the weight falls by Beer-Lambert,
so a layer's absorbed energy is the weight on entering less the weight on leaving, and the books close exactly.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from openpbm.transport.physics import (
    THIN,
    attenuate,
    cosine_of_half_turn,
    fresnel,
    henyey_greenstein_cosine,
    mix,
    next_state,
    rotate,
    turn_cosine,
    uniform,
)

__all__ = [
    "ABSORBED",
    "DIFFUSE",
    "ISOTROPIC",
    "LAMBERTIAN",
    "LOST",
    "PLANE",
    "ROULETTE",
    "SPECULAR",
    "TABULATED",
    "TRANSMITTED",
    "make_history",
]

# Places in `totals`; the layers' absorbed energy follows from ABSORBED on.
SPECULAR, DIFFUSE, TRANSMITTED, LOST, ROULETTE, ABSORBED = 0, 1, 2, 3, 4, 5
# Columns of `stack`; row 0 is the medium above, the last row the medium below.
TOP, BOTTOM, MU_A, MU_S, G, N = 0, 1, 2, 3, 4, 5
# Kinds of source.
PLANE, LAMBERTIAN, ISOTROPIC, TABULATED = 0, 1, 2, 3

# On four-layer skin 1e-2 costs a sixth less time than 1e-4 and no precision at any depth down to 15 mm.
ROULETTE_WEIGHT = 1e-2
ROULETTE_CHANCE = 0.1
STEP_CAP = 1_000_000
# Light caught between two mirrors in a layer that hardly scatters never gets out: it is given up, and counted as lost.
MIRROR_CAP = 20_000
SIGN_BIT = np.uint64(1)  # the lowest of the twelve bits that `uniform` leaves unused


def make_history(  # noqa: C901  a shelf of small functions for one compiler
    jit: Callable[..., Any], add: Callable[..., None], *, lateral: bool
) -> Any:
    """Build the function that follows one photon.

    jit : callable    compiler of the target, e.g. `numba.njit`; the identity gives plain Python
    add : callable    `add(array, index, value)`, the tally write of the target
    lateral : bool    follow x and y too and tally rings about the entry point; otherwise only depth is followed,
                      which is exact for laterally endless layers and much cheaper

    The result is called as history(state, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track,
    rings): the photon's key, the stack, the source, edges of the depth cells, edges of the r-z cells (z [mm], r^2
    [mm2], closed by infinities), and the tallies it adds to.
    """

    @jit
    def incidence(state, kind, value, cosines):  # type: ignore[no-untyped-def]
        """Cosine of incidence in the medium above."""
        if kind == PLANE:
            return value
        u = uniform(state)
        if kind == LAMBERTIAN:
            return math.sqrt(u)
        return cosines[min(int(u * len(cosines)), len(cosines) - 1)]

    @jit
    def launch(state, stack, kind, value, cosines):  # type: ignore[no-untyped-def]
        """First position and direction: (layer, z, uz, weight, specular)."""
        if kind == ISOTROPIC:
            layer = 1
            while layer < len(stack) - 2 and value >= stack[layer, BOTTOM]:
                layer += 1
            return layer, value, 2.0 * uniform(state) - 1.0, 1.0, 0.0
        specular, uz = fresnel(stack[0, N], stack[1, N], incidence(state, kind, value, cosines))
        return 1, 0.0, uz, 1.0 - specular, specular

    @jit
    def properties(stack, layer):  # type: ignore[no-untyped-def]
        """Of one layer: (top, bottom, mu_a, mean free path between scatterings, g)."""
        mu_s = stack[layer, MU_S]
        mean_free = 1.0 / mu_s if mu_s > 0.0 else math.inf
        return stack[layer, TOP], stack[layer, BOTTOM], stack[layer, MU_A], mean_free, stack[layer, G]

    @jit
    def spread(track, edges, cell, z, uz, length, weight, mu_a):  # type: ignore[no-untyped-def]
        """Tally a path that leaves its depth cell, piece by piece: (weight at the end, cell at the end)."""
        while True:
            ahead = 1 if uz > 0.0 else 0
            piece = max(0.0, (edges[cell + ahead] - z) / uz)
            last = piece >= length or cell + 2 * ahead - 1 < 0 or cell + 2 * ahead - 1 > len(edges) - 2
            if last:
                piece = length
            weight, path = attenuate(weight, mu_a, piece)
            add(track, cell, path)
            if last:
                return weight, cell
            z = edges[cell + ahead]
            length -= piece
            cell += 2 * ahead - 1

    @jit
    def score_ring(  # type: ignore[no-untyped-def]
        rings, slab_edges, ring_edges, slab, ring, x, y, z, ux, uy, uz, length, weight, mu_a, u
    ):
        """Score the whole track integral at one random point of the path: (slab, ring) of that point.

        Short optical paths: the point is uniform and carries the weight there. Long ones: the point is drawn from the
        attenuated path itself, which also serves an endless one. Both have the right mean.
        """
        if mu_a * length < THIN:
            part = u * length
            value = attenuate(weight, mu_a, part)[0] * length
        else:
            part = -math.log(1.0 - u * (1.0 - math.exp(-mu_a * length))) / mu_a
            value = attenuate(weight, mu_a, length)[1]
        depth = z + uz * part
        across = x + ux * part
        along = y + uy * part
        radius_squared = across * across + along * along
        while depth >= slab_edges[slab + 1]:
            slab += 1
        while depth < slab_edges[slab]:
            slab -= 1
        while radius_squared >= ring_edges[ring + 1]:
            ring += 1
        while radius_squared < ring_edges[ring]:
            ring -= 1
        add(rings, ring * (len(slab_edges) - 1) + slab, value)
        return slab, ring

    @jit
    def cross(state, stack, layer, uz):  # type: ignore[no-untyped-def]
        """Meet an interface: (layer and uz after it, refraction ratio for the other components)."""
        step = 1 if uz > 0.0 else -1
        n_from, n_to = stack[layer, N], stack[layer + step, N]
        if n_from == n_to:
            return layer + step, uz, 1.0
        reflectance, beyond = fresnel(n_from, n_to, abs(uz))
        if uniform(state) < reflectance:
            return layer, -uz, 1.0
        return layer + step, step * beyond, n_from / n_to

    @jit
    def roulette(state, totals, weight):  # type: ignore[no-untyped-def]
        """Let few of the faint live on for all of them, and book the difference: weight after, 0 for the end."""
        after = weight / ROULETTE_CHANCE if uniform(state) < ROULETTE_CHANCE else 0.0
        add(totals, ROULETTE, weight - after)
        return after

    @jit
    def history(  # type: ignore[no-untyped-def]  # noqa: C901  one loop, read top to bottom
        state, stack, kind, value, cosines, edges, slab_edges, ring_edges, totals, track, rings
    ):
        layer, z, uz, weight, specular = launch(state, stack, kind, value, cosines)
        add(totals, SPECULAR, specular)
        # Azimuth of entry is of no matter: every tally is the same all round the axis.
        x, y, ux, uy = 0.0, 0.0, math.sqrt(max(0.0, 1.0 - uz * uz)), 0.0
        entered = weight
        cell, slab, ring = 0, 0, 0
        while cell < len(track) - 1 and z >= edges[cell + 1]:
            cell += 1
        # What the common step needs stays in local names; `pending` is the track integral not yet written.
        low, high, pending = edges[cell], edges[cell + 1], 0.0
        top, bottom, mu_a, mean_free, g = properties(stack, layer)
        mirrored = 0
        for _ in range(STEP_CAP):
            if weight < ROULETTE_WEIGHT:
                add(totals, ABSORBED + layer - 1, entered - weight)
                state = next_state(state)
                weight = roulette(state, totals, weight)
                entered = weight
                if weight == 0.0:
                    add(track, cell, pending)
                    return
            # How far; free paths have no memory, so a new one is drawn beyond every interface.
            state = next_state(state)
            length = -math.log(uniform(state)) * mean_free
            ahead = z + uz * length
            wall = bottom if uz > 0.0 else top
            meets = wall < math.inf and ((ahead >= wall and uz > 0.0) or (ahead <= wall and uz < 0.0))
            if meets:
                ahead = wall
                length = max(0.0, (wall - z) / uz)
            if length == math.inf and mu_a == 0.0:
                break  # along a clear layer for ever
            # Absorb along the way.
            if lateral:
                state = next_state(state)
                slab, ring = score_ring(
                    rings, slab_edges, ring_edges, slab, ring, x, y, z, ux, uy, uz, length, weight, mu_a, uniform(state)
                )
                x += ux * length
                y += uy * length
            if (low <= ahead <= high and ahead < math.inf) or uz == 0.0:
                weight, path = attenuate(weight, mu_a, length)
                pending += path
            else:
                add(track, cell, pending)
                pending = 0.0
                weight, cell = spread(track, edges, cell, z, uz, length, weight, mu_a)
                low, high = edges[cell], edges[cell + 1]
            z = ahead
            # Cross or scatter.
            if meets:
                state = next_state(state)
                beyond, uz, ratio = cross(state, stack, layer, uz)
                ux *= ratio
                uy *= ratio
                if beyond == layer:
                    mirrored += 1
                    if mirrored > MIRROR_CAP:
                        break
                else:
                    add(totals, ABSORBED + layer - 1, entered - weight)
                    entered = weight
                    layer = beyond
                    if layer == 0 or layer == len(stack) - 1:
                        add(track, cell, pending)
                        add(totals, DIFFUSE if layer == 0 else TRANSMITTED, weight)
                        return
                    top, bottom, mu_a, mean_free, g = properties(stack, layer)
            else:
                mirrored = 0
                state = next_state(state)
                cosine = henyey_greenstein_cosine(uniform(state), g)
                state = next_state(state)
                azimuth = cosine_of_half_turn(uniform(state))
                if lateral:
                    sign = 1.0 if mix(state) & SIGN_BIT else -1.0
                    ux, uy, uz = rotate(ux, uy, uz, cosine, azimuth, sign)
                else:
                    uz = turn_cosine(uz, cosine, azimuth)
        add(track, cell, pending)
        add(totals, ABSORBED + layer - 1, entered - weight)
        add(totals, LOST, weight)

    return history
