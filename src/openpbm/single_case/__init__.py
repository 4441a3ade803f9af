"""Statistics of one person: overlap, randomisation, interrupted series; numbers in, numbers out."""

from openpbm.single_case.analyse import Analysis, CaseAnalysis, analyse
from openpbm.single_case.design import Allocation, Period, seal, verify
from openpbm.single_case.design_request import DesignRequest
from openpbm.single_case.overlap import Overlap, ird, nap, overlap, pand, pem, pnd, tau, tau_bc, tau_u
from openpbm.single_case.piecewise import Coefficient, Piecewise, piecewise
from openpbm.single_case.randomisation import RandomisationTest, randomisation_test
from openpbm.single_case.series import Series, make_series
from openpbm.single_case.theil_sen import theil_sen_slope

__all__ = [
    "Allocation",
    "Analysis",
    "CaseAnalysis",
    "Coefficient",
    "DesignRequest",
    "Overlap",
    "Period",
    "Piecewise",
    "RandomisationTest",
    "Series",
    "analyse",
    "ird",
    "make_series",
    "nap",
    "overlap",
    "pand",
    "pem",
    "piecewise",
    "pnd",
    "randomisation_test",
    "seal",
    "tau",
    "tau_bc",
    "tau_u",
    "theil_sen_slope",
    "verify",
]
