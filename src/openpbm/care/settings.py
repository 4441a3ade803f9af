"""Settings of the web application: everything that differs between two installations comes from the environment.

OPENPBM_DATA_DIR     where the database, the keys and the backups lie; made by `openpbm serve`
DATABASE_URL         postgresql://user:password@host:port/name, else SQLite in the data folder
OPENPBM_HOSTS        host names the site answers to, with commas; loopback by default
OPENPBM_HTTPS        "1" when it is reached through https: cookies then travel over nothing else
OPENPBM_SECRET_FILE  file with the key that signs cookies
OPENPBM_KEY_FILE     file with the key that wraps each person's data key
OPENPBM_PUSH_KEY_FILE file with the key by which telephones know this site
OPENPBM_AUDIT_HEADS  file in which the end of the audit is noted each day, on another disk where there is one
OPENPBM_ERASURES     file that lists who was erased, to be erased again after a restore
OPENPBM_PLAN_QUALITY "quick" computes little, for tests and demonstrations alone; "standard" by default
EMAIL_URL            not set: e-mail is printed on the console; smtps://user:password@host?from=clinic@example.org
                     sends it
OPENPBM_MAIL_FROM    from whom e-mail comes, where EMAIL_URL does not say it
OPENPBM_STATIC       folder with the scripts and styles packed; named by `openpbm serve`, which fills it
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from openpbm.care.database import database_settings
from openpbm.care.encryption.keys import secret_key
from openpbm.care.mail import email_settings

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("OPENPBM_DATA_DIR", "openpbm-data")).resolve()
HTTPS = os.environ.get("OPENPBM_HTTPS") == "1"
DEBUG = False
SECRET_KEY = secret_key(Path(os.environ.get("OPENPBM_SECRET_FILE", DATA_DIR / "keys" / "cookies.key")))
KEY_FILE = Path(os.environ.get("OPENPBM_KEY_FILE", DATA_DIR / "keys" / "people.key"))
PUSH_KEY_FILE = Path(os.environ.get("OPENPBM_PUSH_KEY_FILE", DATA_DIR / "keys" / "push.key"))
# What was noted outside the database and its backups: where the audit ended, and who was erased.
AUDIT_HEADS_FILE = Path(os.environ.get("OPENPBM_AUDIT_HEADS", DATA_DIR / "audit-heads.jsonl"))
ERASURES_FILE = Path(os.environ.get("OPENPBM_ERASURES", DATA_DIR / "erasures.jsonl"))
PLAN_QUALITY = os.environ.get("OPENPBM_PLAN_QUALITY", "standard")
ALLOWED_HOSTS = os.environ.get("OPENPBM_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "openpbm.care.audit",
    "openpbm.care.accounts",
    "openpbm.care.people",
    "openpbm.care.jobs",
    "openpbm.care.devices",
    "openpbm.care.screening",
    "openpbm.care.plans",
    "openpbm.care.sessions",
    "openpbm.care.scales",
    "openpbm.care.n_of_1",
    "openpbm.care.events",
    "openpbm.care.checkpoints",
    "openpbm.care.home",
    "openpbm.care.learn",
    "openpbm.care.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are packed too. What BREACH needs is not there: the token of a form is masked again in each answer, a random
    # length is added, and no other site can have a page fetched with our cookies (SameSite; decision 0053).
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "openpbm.care.accounts.middleware.RejectNulBytes",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openpbm.care.accounts.middleware.RequestLimits",
    "openpbm.care.accounts.middleware.SessionLimits",
    "openpbm.care.accounts.middleware.PasswordChangeRequired",
    "openpbm.care.accounts.middleware.StaffNeedSecondFactor",
    "openpbm.care.accounts.middleware.LoginRequired",
    "openpbm.care.accounts.middleware.NoStore",
    "openpbm.care.accounts.middleware.DomainErrors",
]

ROOT_URLCONF = "openpbm.care.urls"
WSGI_APPLICATION = "openpbm.care.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openpbm.care.home.navigation.page_frame",
            ],
            "builtins": ["openpbm.care.page_tags"],
        },
    }
]

FORM_RENDERER = "openpbm.care.form_renderer.FormRenderer"
DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL", ""), DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Counting failed logins must hold over every process of the server, so the counts lie in the database. Nothing else is
# kept there: a cache may drop what it likes, and these are the only thing allauth keeps in one.
CACHES = {"default": {"BACKEND": "openpbm.care.accounts.counters.Counters"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "openpbm.care.people.account.signed_in.AccountBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "openpbm.care.accounts.account_adapter.AccountAdapter"
# A login name is chosen, not an address: an address lies sealed (decision 0022).
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "login": "openpbm.care.people.account.forms.LoginForm",
    "signup": "openpbm.care.people.account.forms.SignupForm",
    "change_password": "openpbm.care.people.account.forms.ChangePasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key",
    "login": "300/m/ip",
    "signup": "20/m/ip",
    "reset_password": "5/m/ip,3/h/key",
    "reauthenticate": "10/m/user",
    # `check_own_password` counts the wrong ones here together with those under a signature (decision 0016).
    "change_password": None,
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "OpenPBM"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "openpbm.care.accounts.one_time_codes.AuthenticateForm",
    "reauthenticate": "openpbm.care.accounts.one_time_codes.ReauthenticateForm",
    "activate_totp": "openpbm.care.accounts.one_time_codes.ActivateTOTPForm",
}
MFA_ADAPTER = "openpbm.care.accounts.second_factor.SealedSecondFactor"

# A link for a forgotten password.
PASSWORD_RESET_TIMEOUT = 3600

SESSION_ENGINE = "openpbm.care.people.account.signed_in"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 30 * 24 * 3600
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# `openpbm serve` names a folder in which every file lies packed and under a name with its digest, which a browser keeps
# for good. Without one WhiteNoise reads the files of the package where they lie; they do not change either.
STATIC_ROOT = os.environ.get("OPENPBM_STATIC") or None
if STATIC_ROOT is not None:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
WHITENOISE_AUTOREFRESH = False

LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"
# Of each web process: so many requests at once, and so many a second for long. A person reads a page for seconds; the
# page of a job asks once a second.
REQUESTS_OF_ONE_ACCOUNT = (120.0, 3.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
# Fields of a form, and keys and values of JSON: our longest form has a few hundred.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000

globals().update(email_settings(os.environ.get("EMAIL_URL", ""), os.environ.get("OPENPBM_MAIL_FROM", "")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"one_line": {"()": "openpbm.care.request_log.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["one_line"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
