"""The application's own settings on a passing data folder, with a password hash that is quick to make."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_DATA = Path(tempfile.mkdtemp(prefix="openpbm-tests-"))
atexit.register(shutil.rmtree, _DATA, ignore_errors=True)
os.environ["OPENPBM_DATA_DIR"] = str(_DATA)
(_DATA / "keys").mkdir()
(_DATA / "keys" / "people.key").write_text("5a" * 32 + "\n", encoding="ascii")

from openpbm.care.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Little light for every plan.
PLAN_QUALITY = "quick"
# Each client of a test lists every static file at its start; here they are looked for when asked for.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Tests ask as nobody does; the limit has tests of its own.
REQUESTS_OF_ONE_ACCOUNT = (1e9, 1e9)
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]  # noqa: F405
