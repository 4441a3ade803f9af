"""The command line: the same calls as any other caller makes."""

from openpbm.cli.main import main

__all__ = ["main"]
