"""OpenPBM: from a person, a condition, a body site and a lamp to a screened, dosed, safe course of light."""

__all__ = ["__version__"]

__version__ = "0.1.0"
