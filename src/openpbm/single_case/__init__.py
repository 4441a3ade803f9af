"""Statistics of one person: overlap, randomisation, interrupted series; numbers in, numbers out."""

from openpbm.single_case.analyse import Analysis, CaseAnalysis, analyse
from openpbm.single_case.design import Allocation, Period, seal, verify
from openpbm.single_case.design_request import DesignRequest, request_problems
from openpbm.single_case.level_change import LevelChange, level_change
from openpbm.single_case.masking import CodeSheet, Masking, MaskMethod, SheetRow, Unblinding, code_sheet
from openpbm.single_case.overlap import Overlap, ird, nap, nap_interval, overlap, pand, pem, pnd, tau, tau_bc, tau_u
from openpbm.single_case.piecewise import Coefficient, Piecewise, piecewise
from openpbm.single_case.power import (
    PERIOD_LENGTHS,
    BlocksPlan,
    People,
    blocks_power,
    fewest_pairs,
    start_power,
    usual_washout,
)
from openpbm.single_case.randomisation import RandomisationTest, randomisation_test
from openpbm.single_case.series import Series, make_series
from openpbm.single_case.theil_sen import theil_sen_slope

__all__ = [
    "PERIOD_LENGTHS",
    "Allocation",
    "Analysis",
    "BlocksPlan",
    "CaseAnalysis",
    "CodeSheet",
    "Coefficient",
    "DesignRequest",
    "LevelChange",
    "MaskMethod",
    "Masking",
    "Overlap",
    "People",
    "Period",
    "Piecewise",
    "RandomisationTest",
    "Series",
    "SheetRow",
    "Unblinding",
    "analyse",
    "blocks_power",
    "code_sheet",
    "fewest_pairs",
    "ird",
    "level_change",
    "make_series",
    "nap",
    "nap_interval",
    "overlap",
    "pand",
    "pem",
    "piecewise",
    "pnd",
    "randomisation_test",
    "request_problems",
    "seal",
    "start_power",
    "tau",
    "tau_bc",
    "tau_u",
    "theil_sen_slope",
    "usual_washout",
    "verify",
]
