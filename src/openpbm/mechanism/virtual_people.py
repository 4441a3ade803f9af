"""Virtual people: what the priors leave open, drawn once a person and alike in all of their compartments."""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Mapping
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from openpbm.facts.mechanism import Prior, course_posterior, course_priors, form_weights, session_priors
from openpbm.response import FORMS, Answer, DayWeights, FormShape, Instruments, Physiology, Spectrum
from openpbm.response.session.equations import capillary_oxygen_um, saturation

__all__ = ["RankedPeople", "VirtualPeople"]

Array = NDArray[np.float64]
# Tissue whose oxygen is nearly that of its capillaries would have to be fed by nothing.
_MOST_OF_CAPILLARY = 0.85


def _quantile(prior: Prior, share: Array) -> Array:
    """Values of a prior below which these shares of people lie."""
    if prior.kind == "constant":
        return np.full(share.shape, prior.median)
    if prior.kind in ("uniform", "loguniform"):
        assert prior.low is not None
        assert prior.high is not None
        if prior.kind == "uniform":
            return prior.low + (prior.high - prior.low) * share
        return np.asarray(np.exp(math.log(prior.low) + math.log(prior.high / prior.low) * share))
    assert prior.median is not None
    assert prior.spread is not None
    if prior.kind == "normal":
        return np.asarray(prior.median + prior.spread * ndtri(share))
    return np.asarray(prior.median * np.exp(prior.spread * ndtri(share)))


class VirtualPeople:
    """So many people under one seed; a person's rank in a parameter is the same wherever it is asked for.

    >>> people = VirtualPeople(3, seed=1)
    >>> people.physiology("muscle").no_off_per_s.shape
    (3,)
    """

    def __init__(self, count: int, *, seed: int, calibrated: bool = True) -> None:
        """`calibrated`: courses as the calibration left them, else by the priors alone."""
        self.count, self.seed, self.calibrated = count, seed, calibrated
        self.form_weights = form_weights(calibrated=calibrated)
        self._drawn_ranks: dict[str, Array] = {}

    def ranks(self, name: str) -> Array:
        """Share of people below each in what is called `name`, (people,), apart for each name.

        One person in each equal share of them (a Latin hypercube): medians settle with a tenth of the people.
        """
        if name not in self._drawn_ranks:
            rng = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
            ranks = np.asarray((rng.permutation(self.count) + rng.random(self.count)) / self.count)
            ranks.setflags(write=False)
            self._drawn_ranks[name] = ranks
        return self._drawn_ranks[name]

    def normal(self, name: str) -> Array:
        """Standard normal values of what is called `name`, (people,)."""
        return np.asarray(ndtri(self.ranks(name)))

    def drawn(self, priors: Mapping[str, Prior], name: str) -> Array:
        """One parameter, (people,)."""
        return _quantile(priors[name], self.ranks(name))

    def physiology(self, compartment: str) -> Physiology:
        """Cells and vessels of a compartment."""
        priors = session_priors(compartment)
        values = {field.name: self.drawn(priors, field.name) for field in fields(Physiology) if field.name in priors}
        values["no_scavenged_per_s"] = math.log(2.0) / self.drawn(priors, "no_half_life_s")
        most = _MOST_OF_CAPILLARY * capillary_oxygen_um(saturation(values["extraction"]))
        values["resting_oxygen_um"] = np.minimum(values["resting_oxygen_um"], most)
        return Physiology(**values)

    def instruments(self, compartment: str) -> Instruments:
        """How a compartment shows on instruments."""
        priors = session_priors(compartment)
        return Instruments(**{field.name: self.drawn(priors, field.name) for field in fields(Instruments)})

    def oxidase_yield(self) -> Array:
        """Excitations that free NO from oxidase, quantum yield x extinction, (people,) [1/(mM cm)]."""
        return self.drawn(session_priors("muscle"), "oxidase_yield")

    def store_spectrum(self, wavelength_nm: Array) -> Array:
        """Opening of NO stores by each wavelength, (people, wavelengths): 1 at 670 nm, where alone it was seen."""
        elsewhere = self.drawn(session_priors("muscle"), "store_spectrum")
        seen = np.abs(wavelength_nm - 670.0) <= 15.0
        return np.where(seen[None, :], 1.0, elsewhere[:, None])

    def forms(self) -> NDArray[np.intp]:
        """Each person's form of dose by the weights of the forms, (people,), as places in `FORMS`."""
        ends = np.cumsum([self.form_weights[name] for name in FORMS])
        return np.searchsorted(ends / ends[-1], self.ranks("form of dose"), side="right").astype(np.intp)

    def course_parameter(self, name: str) -> Array:
        """One parameter of a course, (people,): of a draw for the person's form of dose where it was calibrated."""
        draws = self._posterior.get(name)
        if draws is None:
            return self.drawn(course_priors(), name)
        place = np.minimum(self.ranks("draw of the calibration") * draws.shape[1], draws.shape[1] - 1).astype(np.intp)
        return np.asarray(draws[self.forms(), place])

    @functools.cached_property
    def _posterior(self) -> Mapping[str, Array]:
        """Calibrated parameters, (forms, draws) each; none where people follow the priors."""
        if not self.calibrated:
            return {}
        return {name: np.array([by_form[form] for form in FORMS]) for name, by_form in course_posterior().items()}

    def answer(self, *, start_share: float, arms: bool = False) -> Answer:
        """How people answer to weeks of light, from a score of that share of its maximum.

        arms : the typical person of a study each time, instead of one person of it
        """
        priors = course_priors()
        values = {field.name: self.course_parameter(field.name) for field in fields(Answer) if field.name in priors}
        # What was calibrated is the mean of a study; people differ from it as the placebo arms of drug trials do.
        if "placebo" in self._posterior and not arms:
            between = priors["placebo"].spread
            assert between is not None
            values["placebo"] = values["placebo"] + between * self.normal("placebo")
        # What the gain runs through is not identified.
        names = ("share_direct", "share_inflammation", "share_capillaries", "share_conduction")
        values |= dict(zip(names, self._split("share", len(names)), strict=True))
        return Answer(**values, start_share=np.full(self.count, start_share))

    def _split(self, name: str, parts: int) -> Array:
        """Shares that are one together, (parts, people), even over all ways of splitting it (Dirichlet of ones)."""
        shares = np.stack([-np.log(self.ranks(f"{name} {each}")) for each in range(parts)])
        return np.asarray(shares / shares.sum(axis=0))

    def scatter(self) -> Array:
        """How far a printed mean may lie from any smooth course, (people,) [share of the scale]; 0 by the priors."""
        if not self._posterior:
            return np.zeros(self.count)
        return self.course_parameter("scatter")

    def form_shape(self) -> FormShape:
        """Shapes of the forms of dose."""
        half = self.course_parameter("half_j_cm2")
        return FormShape(
            half_j_cm2=half,
            excess_j_cm2=half * self.course_parameter("excess_ratio"),
            steepness=self.course_parameter("steepness"),
            width=self.course_parameter("width"),
        )

    def day_weights(self) -> DayWeights:
        """What each state of a session counts in form M5; which of them would carry an effect is not identified."""
        priors = course_priors()
        names = ("flow_unit_s", "freed_unit_s", "reactive_unit_s", "reactive_most")
        return DayWeights(*self._split("share of the day", 3), *(self.drawn(priors, name) for name in names))

    def spectrum(self) -> Spectrum:
        """What each wavelength counts over weeks."""
        priors = course_priors()
        return Spectrum(*(self.drawn(priors, name) for name in ("spectrum_670", "spectrum_830", "spectrum_960")))

    def reciprocity(self) -> Array:
        """Exponent of brightness in the dose, (people,)."""
        return self.drawn(course_priors(), "reciprocity")


class RankedPeople(VirtualPeople):
    """People whose ranks somebody chose, (people,) by name; in all else they are in the middle.

    `asked` holds every name that was asked for, in that order.

    >>> RankedPeople({}, 1).physiology("muscle").no_off_per_s
    array([0.13])
    """

    def __init__(self, ranks: Mapping[str, Array], count: int) -> None:
        super().__init__(count, seed=0)
        self._ranks = ranks
        self.asked: dict[str, None] = {}

    def ranks(self, name: str) -> Array:
        """As they were chosen, else 0.5."""
        self.asked[name] = None
        chosen = self._ranks.get(name)
        if chosen is None:
            return np.full(self.count, 0.5)
        return chosen
