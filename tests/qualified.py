"""The model beside published studies in four hundred virtual people, made once for all tests."""

from __future__ import annotations

import functools

from openpbm.mechanism.qualification import Qualification, qualify

PEOPLE, SEED = 400, 7


@functools.cache
def qualified() -> Qualification:
    return qualify(people=PEOPLE, seed=SEED)
