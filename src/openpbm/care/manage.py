"""`python -m openpbm.care.manage`: Django's own commands, for developers."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
