"""Several treatments at once: every contrast of a connected network, from direct and indirect comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from openpbm.evidence.pool.studies import Floats

__all__ = ["Contrast", "NetworkPool", "pool_network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One comparison of one study: the effect of `first` less that of `second`, with its standard error."""

    study: str
    first: str
    second: str
    effect: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkPool:
    """Every treatment against the reference, in the order of `treatments` without it.

    effects, standard_errors : (t - 1,)      covariance : (t - 1, t - 1)
    q, degrees_of_freedom, q_p : heterogeneity within designs and disagreement between them together, at tau2 = 0
    i2_percent, tau2 : from that q; tau2 by moments (`jackson2012`)
    """

    reference: str
    treatments: tuple[str, ...]
    effects: Floats
    covariance: Floats
    q: float
    degrees_of_freedom: int
    q_p: float
    i2_percent: float
    tau2: float

    @property
    def standard_errors(self) -> Floats:
        """Standard errors against the reference, (t - 1,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)))

    def against_reference(self, treatment: str) -> tuple[float, float]:
        """Effect and standard error of one treatment less the reference."""
        place = self.treatments.index(treatment)
        return float(self.effects[place]), float(self.standard_errors[place])


def pool_network(contrasts: Iterable[Contrast], reference: str, *, random: bool) -> NetworkPool:
    """Pool a network by weighted least squares, studies of several arms with the covariance of their contrasts.

    The same estimates as the graph-theoretic weights of `rucker2012`. With `random` one tau2 for every comparison is
    added to each contrast, half of it shared by contrasts with a common arm.
    Raises ValueError for a network that hangs in parts, and for a study of several arms without all its contrasts.
    """
    # Read here: every start of the site imports this module, and few pools are a network.
    from scipy.linalg import block_diag

    rows = list(contrasts)
    treatments = sorted({name for row in rows for name in (row.first, row.second)} - {reference})
    _check_connected(rows, reference, len(treatments))
    blocks = [_study_block(study, treatments) for study in _by_study(rows)]
    effect = np.concatenate([block[0] for block in blocks])
    design = np.vstack([block[1] for block in blocks])
    own = block_diag(*(block[2] for block in blocks))
    shared = block_diag(*(0.5 * (np.eye(len(block[0])) + 1.0) for block in blocks))
    q, tau2 = _moments(effect, design, own, shared)
    freedom = len(effect) - len(treatments)
    effects, covariance = _least_squares(effect, design, own + (tau2 * shared if random else 0.0))
    return NetworkPool(
        reference=reference,
        treatments=tuple(treatments),
        effects=effects,
        covariance=covariance,
        q=q,
        degrees_of_freedom=freedom,
        q_p=float(chdtrc(max(freedom, 1), q)),
        i2_percent=100.0 * max(0.0, (q - freedom) / max(q, 1e-300)),
        tau2=tau2,
    )


def _by_study(rows: Sequence[Contrast]) -> list[list[Contrast]]:
    names = dict.fromkeys(row.study for row in rows)
    return [[row for row in rows if row.study == name] for name in names]


def _check_connected(rows: Sequence[Contrast], reference: str, others: int) -> None:
    reached = {reference}
    for _ in range(others):
        reached |= {name for row in rows if {row.first, row.second} & reached for name in (row.first, row.second)}
    if len(reached) <= others:
        raise ValueError(f"no chain of comparisons leads from {reference} to every treatment")


def _study_block(rows: Sequence[Contrast], treatments: Sequence[str]) -> tuple[Floats, Floats, Floats]:
    """Effects, design and covariance of one study's contrasts with its own first arm."""
    arms = sorted({name for row in rows for name in (row.first, row.second)})
    base, others = arms[0], arms[1:]
    known = {frozenset((row.first, row.second)): row for row in rows}
    if len(rows) != len(arms) * (len(arms) - 1) // 2 or len(known) != len(rows):
        raise ValueError(f"{rows[0].study}: {len(arms)} arms need each of their contrasts once")

    def variance(one: str, other: str) -> float:
        return 0.0 if one == other else known[frozenset((one, other))].standard_error ** 2

    def signed(arm: str) -> float:
        row = known[frozenset((arm, base))]
        return row.effect if row.first == arm else -row.effect

    covariance = [[(variance(a, base) + variance(b, base) - variance(a, b)) / 2.0 for b in others] for a in others]
    design = np.array([[float(name == arm) - float(name == base) for name in treatments] for arm in others])
    return np.array([signed(arm) for arm in others]), design, np.array(covariance)


def _least_squares(effect: Floats, design: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    weighted = np.linalg.solve(covariance, design)
    spread = np.linalg.inv(design.T @ weighted)
    return spread @ (weighted.T @ effect), spread


def _moments(effect: Floats, design: Floats, own: Floats, shared: Floats) -> tuple[float, float]:
    """Q with the studies' own errors, and tau2 by the method of moments."""
    effects, spread = _least_squares(effect, design, own)
    residual = effect - design @ effects
    q = float(residual @ np.linalg.solve(own, residual))
    precision = np.linalg.inv(own)
    hat = precision - precision @ design @ spread @ design.T @ precision
    freedom = len(effect) - design.shape[1]
    # A network without a loop or a repeated comparison has nothing to disagree by.
    return (q, max(0.0, (q - freedom) / float(np.sum(hat * shared)))) if freedom else (0.0, 0.0)
