"""For a process that others branch off: importing this reads and calls all that a part of a cohort takes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cohort_specs import spec_of

from openpbm.mechanism.cohort.part import compute_part, parts_of
from openpbm.mechanism.cohort.target_light import target_light

with tempfile.TemporaryDirectory() as _folder:
    _spec = spec_of(Path(_folder))
_light = target_light(_spec, Path())
compute_part(parts_of(_spec, _light, 1, 1)[0], _spec, _light)
