"""The whole site. Each application has its own list; everything bound to a person lies under /people/<id>/."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from openpbm.care.addresses import RememberedRoutes
from openpbm.care.home.views import favicon, healthz

handler400 = "openpbm.care.accounts.failures.bad_request"
handler500 = "openpbm.care.accounts.failures.server_error"
_ROUTES = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    # Of allauth's pages only those for accounts whose address it does not know (decision 0022).
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("learn/", include("openpbm.care.learn.urls")),
    path("api/", include("openpbm.care.api.urls")),
    path("", include("openpbm.care.home.urls")),
    path("", include("openpbm.care.people.urls")),
    path("", include("openpbm.care.screening.urls")),
    path("", include("openpbm.care.plans.urls")),
    path("", include("openpbm.care.sessions.urls")),
    path("", include("openpbm.care.scales.urls")),
    path("", include("openpbm.care.n_of_1.urls")),
    path("", include("openpbm.care.events.urls")),
    path("", include("openpbm.care.checkpoints.urls")),
    path("lamps/", include("openpbm.care.devices.urls")),
    path("jobs/", include("openpbm.care.jobs.urls")),
    path("clinic/", include("openpbm.care.accounts.urls")),
]
urlpatterns = [RememberedRoutes(_ROUTES)]
