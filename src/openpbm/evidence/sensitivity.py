"""What a pool of a file hangs on: each study left out, its pull, small studies, and groups of studies apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from openpbm.errors import BadInput, Problem
from openpbm.evidence.answer import PoolRequest, studies_of
from openpbm.evidence.effect_sizes.size import Floats
from openpbm.evidence.pool import egger, influence, leave_one_out, make_studies, pet_peese, pool
from openpbm.evidence.pool_file import PoolData

__all__ = ["Part", "Sensitivity", "Subgroups", "sensitivity", "subgroups"]

_FEWEST_FOR_FUNNEL = 10
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A pool of some of the studies: without one of them, or of one group."""

    name: str
    k: int
    estimate: float
    standard_error: float
    interval: tuple[float, float]
    tau2: float
    i2_percent: float

    def to_dict(self) -> dict[str, object]:
        """The part as JSON."""
        return {
            "name": self.name,
            "k": self.k,
            "estimate": self.estimate,
            "standard_error": self.standard_error,
            "ci": list(self.interval),
            "tau2": self.tau2,
            "i2": self.i2_percent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """Studies left out in turn and their pull; the funnel, None with moderators or fewer than ten studies."""

    without: tuple[Part, ...]
    deleted_residuals: Floats
    cooks_distances: Floats
    egger_p: float | None
    limit_method: str | None
    limit: float | None

    def to_dict(self) -> dict[str, object]:
        """The answer as JSON."""
        pulls = zip(self.without, self.deleted_residuals, self.cooks_distances, strict=True)
        return {
            "leave_one_out": [
                {**part.to_dict(), "deleted_residual": float(residual), "cook": float(cook)}
                for part, residual, cook in pulls
            ],
            "small_studies": {"egger_p": self.egger_p, "limit_method": self.limit_method, "limit": self.limit},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """Groups pooled apart, each with its own tau2, and the test that they agree."""

    column: str
    parts: tuple[Part, ...]
    q_between: float
    degrees_of_freedom: int
    p: float

    def to_dict(self) -> dict[str, object]:
        """The answer as JSON."""
        return {
            "column": self.column,
            "groups": [part.to_dict() for part in self.parts],
            "between": {"value": self.q_between, "df": self.degrees_of_freedom, "p": self.p},
        }


def sensitivity(data: PoolData, request: PoolRequest) -> Sensitivity:
    """Every study left out in turn, and the funnel; BadInput where a study less cannot be pooled.

    The parts give the intercept where there are moderators.
    """
    studies = studies_of(data)
    if len(data.names) < studies.terms + 2 or len(data.names) < _FEWEST:
        message = f"{len(data.names)} studies: with one left out too few stay"
        raise BadInput(Problem("--sensitivity", None, message, "leave the option out", document=data.document))
    _check_each_can_go(data, studies.basis[0], studies.terms)
    fits = leave_one_out(
        studies, request.model, knapp_hartung=request.knapp_hartung, floor=request.floor, level=request.level
    )
    parts = [
        Part(
            name=name,
            k=len(data.names) - 1,
            estimate=float(fits.coefficients[place, 0]),
            standard_error=float(fits.standard_errors[place, 0]),
            interval=(float(fits.interval[place, 0, 0]), float(fits.interval[place, 0, 1])),
            tau2=float(fits.tau2[place]),
            i2_percent=float(fits.i2_percent[place]),
        )
        for place, name in enumerate(data.names)
    ]
    pull = influence(studies, request.model)
    p, method, limit = _funnel(data, request)
    return Sensitivity(
        without=tuple(parts),
        deleted_residuals=pull.deleted_residual,
        cooks_distances=pull.cook,
        egger_p=p,
        limit_method=method,
        limit=limit,
    )


def _check_each_can_go(data: PoolData, basis: Floats, terms: int) -> None:
    """Refuse where a moderator hangs on one study: without it there is nothing to estimate."""
    message = "the only study of its kind: it cannot be left out"
    problems = [
        Problem("--sensitivity", name, message, "group the words", line, data.document)
        for place, (name, line) in enumerate(zip(data.names, data.lines, strict=True))
        if np.linalg.matrix_rank(np.delete(basis, place, axis=0), tol=1e-8) < terms
    ]
    if problems:
        raise BadInput(problems)


def _funnel(data: PoolData, request: PoolRequest) -> tuple[float | None, str | None, float | None]:
    # Studies of one size have no funnel, however many there are.
    same_size = np.ptp(data.variances) <= 1e-9 * data.variances.max()
    if data.moderators or len(data.names) < _FEWEST_FOR_FUNNEL or same_size:
        return None, None, None
    method, found = pet_peese(data.values, data.variances, request.level)
    return egger(data.values, data.variances).p, method, found.limit


def subgroups(data: PoolData, request: PoolRequest) -> Subgroups:
    """The studies apart by the words of the one moderator; a group of one study is shown as it is.

    BadInput for a column of numbers.
    """
    (moderator,) = data.moderators
    if not moderator.words:
        remedy = "name a column of words, or use --moderator"
        raise BadInput(Problem("--subgroup", moderator.column, "a column of numbers", remedy, document=data.document))
    parts = list(_parts(data, request, np.array(moderator.words)))
    estimates = np.array([part.estimate for part in parts])
    weights = np.array([part.standard_error for part in parts]) ** -2
    centre = float(weights @ estimates / weights.sum())
    q = float(weights @ (estimates - centre) ** 2)
    freedom = len(parts) - 1
    return Subgroups(
        column=moderator.column,
        parts=tuple(parts),
        q_between=q,
        degrees_of_freedom=freedom,
        p=float(chdtrc(freedom, q)),
    )


def _parts(data: PoolData, request: PoolRequest, words: NDArray[np.str_]) -> Iterator[Part]:
    for word in sorted(set(words.tolist())):
        mine = words == word
        alone = int(mine.sum()) == 1
        fit = pool(
            make_studies(data.values[mine], data.variances[mine]),
            "fixed" if alone else request.model,
            knapp_hartung=request.knapp_hartung and not alone,
            floor=request.floor,
            level=request.level,
        )
        yield Part(
            name=str(word),
            k=int(mine.sum()),
            estimate=float(fit.coefficients[0, 0]),
            standard_error=float(fit.standard_errors[0, 0]),
            interval=(float(fit.interval[0, 0, 0]), float(fit.interval[0, 0, 1])),
            tau2=float(fit.tau2[0]),
            i2_percent=float(np.nan_to_num(fit.i2_percent[0])),
        )
