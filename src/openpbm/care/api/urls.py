"""The API's paths. Whoever has not signed in gets 401 from every one of them but openapi.json, known or not."""

from __future__ import annotations

from django.urls import path

from openpbm.care.api import overview, records
from openpbm.care.api.api import api

# The API with its routers on: reading `api.urls` before closes it to them.
__all__ = ["api", "urlpatterns"]

api.add_router("", overview.router)
api.add_router("", records.router)

urlpatterns = [path("", api.urls)]
