"""One pool of the studies of a file, with everything a reader asks of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from openpbm.errors import BadInput, Problem
from openpbm.evidence.effect_sizes import effect_words
from openpbm.evidence.effect_sizes.size import Floats
from openpbm.evidence.pool import Model, Pooled, estimate_tau2, make_studies, pool, q_profile
from openpbm.evidence.pool.studies import Studies
from openpbm.evidence.pool_file import PoolData

__all__ = ["PoolAnswer", "PoolRequest", "pool_answer", "studies_of"]

_FEW_STUDIES = 10
_FEW_A_TERM = 10
# Below either, prediction intervals hold less than they say: docs/methods/pooling-coverage.csv.
_TRUSTED_PREDICTION = 10
_TRUSTED_I2_PERCENT = 75.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolRequest:
    """How to pool.

    knapp_hartung : errors from the observed scatter, t with k - p degrees of freedom
    floor : with it, never narrower than the normal interval
    level : of every interval, a share
    """

    model: Model = "reml"
    knapp_hartung: bool = False
    floor: bool = False
    level: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAnswer:
    """The pool of one file; the effect's unit throughout, logarithms for ratios, its square for variances.

    terms : of the model, the intercept first
    tau2_interval : by the Q profile, None for a fixed model
    r2_percent : share of tau2 that the moderators explain, None without them or without tau2
    """

    data: PoolData
    request: PoolRequest
    fit: Pooled
    terms: tuple[str, ...]
    tau2_interval: tuple[float, float] | None
    r2_percent: float | None
    cautions: tuple[str, ...]

    @property
    def effect_words(self) -> str:
        """What a reader calls the effect."""
        return effect_words(self.data.effect)

    def to_dict(self) -> dict[str, object]:
        """The answer as JSON; what is not known is null."""
        fit = self.fit
        student = fit.knapp_hartung
        content: dict[str, object] = {
            "effect": self.data.effect or None,
            "model": fit.model,
            "knapp_hartung": student,
            "floor": student and self.request.floor,
            "level": self.request.level,
            "k": len(self.data.names),
            "estimate": _known(fit.coefficients[0, 0]),
            "standard_error": _known(fit.standard_errors[0, 0]),
            "ci": _pair(fit.interval[0, 0]),
            "test": self._test(),
            "tau2": _known(fit.tau2[0]),
            "tau2_se": _known(fit.tau2_error[0]),
            "tau2_ci": None if self.tau2_interval is None else [_known(bound) for bound in self.tau2_interval],
            "i2": _known(fit.i2_percent[0]),
            "h2": _known(fit.h2[0]),
            "q": {"value": _known(fit.q[0]), "df": int(fit.degrees_of_freedom[0]), "p": _known(fit.q_p[0])},
            "prediction": _pair(fit.prediction[0]),
            "weights": [float(weight) for weight in fit.weight_percent[0]],
            "studies": self._studies(),
            "cautions": list(self.cautions),
        }
        return content | self._moderators()

    def _test(self) -> dict[str, object]:
        student = self.fit.knapp_hartung
        return {
            "name": "t" if student else "z",
            "value": _known(self.fit.statistics[0, 0]),
            "df": int(self.fit.degrees_of_freedom[0]) if student else None,
            "p": _known(self.fit.p_values[0, 0]),
        }

    def _studies(self) -> list[dict[str, object]]:
        rows = zip(self.data.names, self.data.values, self.data.variances, self.fit.weight_percent[0], strict=True)
        return [
            {"study": name, "yi": float(value), "vi": float(variance), "weight": float(weight)}
            for name, value, variance, weight in rows
        ]

    def _moderators(self) -> dict[str, object]:
        fit = self.fit
        if len(self.terms) == 1:
            return {}
        rows: list[dict[str, object]] = [
            {
                "name": name,
                "estimate": _known(fit.coefficients[0, place]),
                "standard_error": _known(fit.standard_errors[0, place]),
                "ci": _pair(fit.interval[0, place]),
                "test": _known(fit.statistics[0, place]),
                "p": _known(fit.p_values[0, place]),
            }
            for place, name in enumerate(self.terms)
        ]
        freedom = [len(rows) - 1, int(fit.degrees_of_freedom[0])]
        omnibus = {
            "name": "F" if fit.knapp_hartung else "QM",
            "value": _known(fit.omnibus[0]),
            "df": freedom if fit.knapp_hartung else freedom[0],
            "p": _known(fit.omnibus_p[0]),
        }
        return {"moderators": rows[1:], "r2": self.r2_percent, "qe": _known(fit.q[0]), "qm": omnibus}


def pool_answer(data: PoolData, request: PoolRequest) -> PoolAnswer:
    """Pool the studies of a file; BadInput where there are too few for what was asked."""
    terms = ("intercept", *(term for moderator in data.moderators for term in moderator.terms))
    _check_request(data, request, len(terms))
    studies = studies_of(data)
    fit = pool(studies, request.model, knapp_hartung=request.knapp_hartung, floor=request.floor, level=request.level)
    interval = None
    if request.model != "fixed":
        low, high = q_profile(studies, request.level)
        interval = (float(low[0]), float(high[0]))
    return PoolAnswer(
        data=data,
        request=request,
        fit=fit,
        terms=terms,
        tau2_interval=interval,
        r2_percent=_explained(data, request, fit),
        cautions=(*data.cautions, *_cautions(data, request, fit, len(terms))),
    )


def studies_of(data: PoolData) -> Studies:
    """The studies of a file for the kernel, with the design of its moderators."""
    return make_studies(data.values, data.variances, _design(data))


def _design(data: PoolData) -> Floats:
    return np.hstack([np.ones((len(data.names), 1)), *(moderator.design for moderator in data.moderators)])


def _check_request(data: PoolData, request: PoolRequest, terms: int) -> None:
    count = len(data.names)
    problems = []
    if count <= terms:
        message = f"{count} studies for {terms} coefficients: one more than coefficients is needed at least"
        problems.append(Problem(document=data.document, message=message, remedy="name fewer moderators"))
    elif np.linalg.matrix_rank(_scaled(_design(data))) < terms:
        columns = ", ".join(moderator.column for moderator in data.moderators)
        message = f"{columns} say the same: one can be computed from the others"
        problems.append(Problem("--moderator", None, message, "leave one out", document=data.document))
    if request.knapp_hartung and request.model == "fixed":
        message = "belongs to a model with differences between studies"
        problems.append(Problem("--knha", None, message, "choose --model reml, dl or pm"))
    if not 0.5 <= request.level < 1.0:
        problems.append(Problem("--level", request.level, "must be from 0.5 to below 1", "write 0.95"))
    if problems:
        raise BadInput(problems)


def _scaled(design: Floats) -> Floats:
    """Columns about zero and of one length, so that the rank does not hang on units."""
    centred = design[:, 1:] - design[:, 1:].mean(axis=0)
    return np.hstack([design[:, :1], centred / np.maximum(np.abs(centred).max(axis=0), np.finfo(float).tiny)])


def _explained(data: PoolData, request: PoolRequest, fit: Pooled) -> float | None:
    if not data.moderators or request.model == "fixed":
        return None
    bare = float(estimate_tau2(make_studies(data.values, data.variances), request.model)[0][0])
    return max(0.0, 100.0 * (bare - float(fit.tau2[0])) / bare) if bare > 0.0 else None


def _cautions(data: PoolData, request: PoolRequest, fit: Pooled, terms: int) -> list[str]:
    count = len(data.names)
    cautions = []
    if count < _FEW_STUDIES and not request.knapp_hartung and request.model != "fixed":
        cautions.append(f"With {count} studies the normal interval is too narrow; use --knha --knha-floor.")
    if request.knapp_hartung and not request.floor and fit.scale[0] < 1.0:
        cautions.append(
            "The studies scatter less than their own errors allow, so that this interval is narrower than the normal"
            " one; --knha-floor keeps it from that."
        )
    predicts = terms == 1 and request.model != "fixed"
    if predicts and (count < _TRUSTED_PREDICTION or fit.i2_percent[0] < _TRUSTED_I2_PERCENT):
        cautions.append(
            "With so few studies, or differences so small beside their errors, 95 % prediction intervals held a new"
            " study in 86 to 92 % of simulated pools (docs/methods/pooling.md)."
        )
    if terms > 1 and count < _FEW_A_TERM * (terms - 1):
        cautions.append(f"{count} studies for {terms - 1} terms: ten a term are wanted, fewer find what is not there.")
    return cautions


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _pair(bounds: Floats) -> list[float | None] | None:
    pair = [_known(bound) for bound in bounds]
    return None if None in pair else pair
