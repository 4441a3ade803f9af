"""The command line: the same calls as any other caller makes."""

import gc
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and leave with its exit status."""
    # What a command loads stays until it ends; to look through it for garbage at every turn takes a tenth of its time.
    gc.set_threshold(50_000)
    # Not a bare re-export: Ctrl-C must be heard while the commands are still being imported.
    try:
        from openpbm.cli.commands import run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        sys.exit(130)
