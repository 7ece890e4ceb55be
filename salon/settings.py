"""Django's settings, read from the environment that salon/env.py declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from salon import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
SECRET_KEY = "development only, never a secret" if DEBUG else env.required("SECRET_KEY")
PUBLIC_URL = env.text("PUBLIC_URL").rstrip("/")
_PUBLIC = urlsplit(PUBLIC_URL)
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS") or [_PUBLIC.hostname or "localhost"]
if DEBUG or DEMO:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]

INSTALLED_APPS = [
    # The floors, from the top: a template of an upper app wins over one further down.
    "deposits",
    "giftcards",
    "memberships",
    "reports",
    "imports",
    "checkout",
    "cards",
    "ledger",
    "appointments",
    "clients",
    "salon",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",
    "djmoney",
    "phonenumber_field",
    "django_htmx",
    "procrastinate.contrib.django",
    "csp",
]
if DEMO:
    INSTALLED_APPS.insert(0, "demo")  # Only commands, and a clock that they move.

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # A page is for staff unless its view says otherwise.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "salon.middleware.OutageMiddleware",
    "salon.middleware.LostLoginMiddleware",
    "salon.middleware.DeskMiddleware",
    "salon.private_pages.PrivatePagesMiddleware",
    "clients.moved.MergedClientMiddleware",
    "salon.shared_tablet.SharedTabletMiddleware",
]

ROOT_URLCONF = "salon.urls"
WSGI_APPLICATION = "salon.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "salon.context.desk",
                "cards.context.processor",
            ],
            "builtins": ["salon.templatetags.salon"],
        },
    },
]

# Templates of ours for Django's own form parts: templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------
# Two logins: the web's, which every process uses, and the owner's, which migrate uses. The ledger
# takes rights away from the first by name.
DATABASE_WEB_ROLE = str(dj_database_url.parse(env.required("DATABASE_URL")).get("USER") or "")
_DATABASE_URL = env.required(
    "DATABASE_OWNER_URL" if env.text("DATABASE_ROLE") == "owner" else "DATABASE_URL"
)
_OPTIONS: dict[str, Any] = {}
if env.flag("DATABASE_PREPARED_STATEMENTS"):
    _OPTIONS |= {"server_side_binding": True, "prepare_threshold": 5}
if env.number("DATABASE_POOL_SIZE"):
    # Without health checks a pool answers with errors after a restart of the database.
    _OPTIONS["pool"] = {
        "min_size": 1,
        "max_size": env.number("DATABASE_POOL_SIZE"),
        "timeout": 5,
        # Then it begins anew with the next request. Else it waits twice as long after each try, and
        # the desk is away for as long again once the database is back.
        "reconnect_timeout": 5,
    }
_DATABASE: dict[str, Any] = dict(
    dj_database_url.parse(_DATABASE_URL, conn_max_age=0, conn_health_checks=True)
)
_DATABASE["OPTIONS"] = {**_DATABASE.get("OPTIONS", {}), **_OPTIONS}
DATABASES = {"default": _DATABASE}
if DEMO:
    # How far the demo's clock is moved, for all processes on this database.
    DEMO_CLOCK = VAR_DIR / f"clock-{quote(str(_DATABASE['NAME']), safe='')}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# A table, so that all processes see the same; `migrate` makes it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "salon_cache",
        # At Django's 300 who tries many names would push out what was counted of others.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "salon.StaffMember"
AUTHENTICATION_BACKENDS = ["salon.auth.RoleBackend"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# --- Language, time, money -------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.text("TIME_ZONE")
USE_I18N = True
USE_TZ = True
CURRENCY = DEFAULT_CURRENCY = env.text("CURRENCY")
CURRENCIES = [CURRENCY]
PHONENUMBER_DEFAULT_REGION = env.text("PHONE_REGION")
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- Files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}

# --- Cards -----------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.text("STRIPE_API_BASE").rstrip("/")
# Where the processor's own pages are, to which a form's answer may lead.
_CARD_PAGES = (
    "https://checkout.stripe.com"
    if urlsplit(STRIPE_API_BASE).hostname == "api.stripe.com"
    else STRIPE_API_BASE
)

# --- Security --------------------------------------------------------------------------------
_SELF_ONLY = [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": _SELF_ONLY,
        "script-src": _SELF_ONLY,
        "style-src": _SELF_ONLY,
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, _CARD_PAGES] if STRIPE_SECRET_KEY else _SELF_ONLY,
        "frame-ancestors": [NONE],
    },
}
_HTTPS = _PUBLIC.scheme == "https"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
CSRF_FAILURE_VIEW = "salon.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # HSTS for subdomains and preloading speak for the owner's whole domain, not for this program.
    "security.W005",
    "security.W021",
]

# --- E-mail ----------------------------------------------------------------------------------
EMAIL_HOST = env.text("EMAIL_HOST") or "localhost"
EMAIL_PORT = env.number("EMAIL_PORT") if env.text("EMAIL_HOST") else 25
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = bool(env.text("EMAIL_HOST")) and env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("EMAIL_FROM")
OUTBOX_DIR = VAR_DIR / "outbox"
EMAIL_BACKEND = (
    "salon.outbox.EmailBackend"
    if DEMO and not env.text("EMAIL_HOST")
    else "django.core.mail.backends.smtp.EmailBackend"
)

# --- Logging ---------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"short": {"()": "salon.logs.ForbiddenInOneLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short"]}
    },
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL")},
    "loggers": {
        "django": {"handlers": ["console"], "level": env.text("LOG_LEVEL"), "propagate": False},
        "procrastinate": {"level": "WARNING"},
        # Otherwise a line for each call, with the ids of clients' payments.
        "stripe": {"level": "WARNING"},
    },
}
