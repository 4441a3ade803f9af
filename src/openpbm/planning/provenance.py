"""What a plan was made with: versions, facts, seed, photons. No clock."""

from __future__ import annotations

import platform
from collections.abc import Sequence

from openpbm.facts.load import digest
from openpbm.planning.document import Provenance
from openpbm.planning.light import Fields
from openpbm.planning.overrides import PlanOverrides
from openpbm.planning.tissue_light import Quality
from openpbm.transport import source_digest
from openpbm.version import __version__

__all__ = ["provenance"]


def provenance(seed: int, quality: Quality, overrides: PlanOverrides | None, fields: Sequence[Fields]) -> Provenance:
    """Everything needed to make the same plan again."""
    from importlib.metadata import version

    return Provenance(
        openpbm=__version__,
        python=platform.python_version(),
        numpy=version("numpy"),
        numba=version("numba"),
        facts_digest=f"sha256:{digest()}",
        transport_digest=f"sha256:{source_digest()}",
        overrides=overrides,
        seed=seed,
        scenarios=quality.scenarios,
        photons_per_run=quality.photons,
        photons=sum(field.photons for field in fields),
        energy_balance_error=max((field.energy_balance_error for field in fields), default=0.0),
    )
