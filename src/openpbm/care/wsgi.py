"""The application that gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbm.care.settings")

application = get_wsgi_application()
# Reads every list of addresses and with them every page's code now, so that no visitor waits for it.
resolve("/healthz")
