"""Form M5 in the calibration: what one session of a study adds up to, by virtual study and light at the target.

Cells and vessels are not fitted: each study may have any of `STUDIES` physiologies, drawn from the priors with the
arrows of a session by their weight.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from openpbm.facts.data_sets import data_sets
from openpbm.mechanism.day_dose import day_dose_j_cm2
from openpbm.mechanism.switches import Switches
from openpbm.mechanism.virtual_people import VirtualPeople
from openpbm.response import LitSession

STUDIES = 32
#: Standard deviations of the logarithm of the light at the target, from its median.
GRID = np.linspace(-4.0, 4.0, 81)


@functools.cache
def day_table(set_id: str, seed: int) -> NDArray[np.float64]:
    """Dose of form M5 of a session of the set, (STUDIES, grid) [J/cm2 of the middle person]."""
    data_set = data_sets[set_id]
    people = VirtualPeople(STUDIES, seed=seed, calibrated=False)
    switches = Switches.drawn(people, {"much_undoes": True})
    wavelengths = np.array(data_set.light.wavelength_nm)
    levels = data_set.target.mw_cm2 * np.exp(data_set.target.log_spread * GRID)
    everybody = np.ones(STUDIES, dtype=bool)

    def doses(level: float) -> NDArray[np.float64]:
        rates = np.full((STUDIES, wavelengths.size), level / wavelengths.size)
        session = LitSession(0.0, 60.0 * data_set.light.minutes, rates)
        return day_dose_j_cm2(session, wavelengths, data_set.compartment, people, switches, everybody)

    return np.stack([doses(float(level)) for level in levels], axis=1)
