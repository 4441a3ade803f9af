"""How long 1,000 pools of 30 studies take, beside a loop over PyMARE in the same run, by processor time.

Run as `python benchmarks/pooling.py`; the exit code is 1 where the pools take 2 s or more, are not 20 times as fast as
the loop, or differ from it by more than 1e-5.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from pymare.estimators import VarianceBasedLikelihoodEstimator
from single_case import in_progress

from openpbm.evidence import make_studies, pool

POOLS, STUDIES, SEED = 1000, 30, 20261130
MOST_SECONDS, TIMES, CLOSE = 2.0, 20.0, 1e-5


def main() -> int:
    chance = np.random.default_rng(SEED)
    variance = chance.uniform(0.02, 0.5, (POOLS, STUDIES))
    effect = chance.normal(-0.4, np.sqrt(variance + chance.uniform(0.0, 0.5, (POOLS, 1))))
    started = time.process_time()
    ours = pool(make_studies(effect, variance), "reml", knapp_hartung=True)
    own = time.process_time() - started
    ones = np.ones((STUDIES, 1))
    started, theirs = time.process_time(), np.empty(POOLS)
    for number in in_progress("PyMARE", range(POOLS)):
        estimator = VarianceBasedLikelihoodEstimator("REML")
        fitted = estimator.fit(effect[number][:, None], variance[number][:, None], ones)
        theirs[number] = fitted.params_["fe_params"][0, 0]
    loop = time.process_time() - started
    apart = float(np.abs(ours.coefficients[:, 0] - theirs).max())
    print(f"{POOLS} pools of {STUDIES} studies, REML with Knapp-Hartung: {own:.2f} s; a loop over PyMARE {loop:.1f} s")
    print(f"{loop / own:.0f} times as fast; estimates at most {apart:.1e} apart")
    return int(own >= MOST_SECONDS or loop < TIMES * own or apart > CLOSE)


if __name__ == "__main__":
    sys.exit(main())
