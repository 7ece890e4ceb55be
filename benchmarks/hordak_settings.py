"""The smallest Django project that django-hordak runs in, on a database of its own."""

import os

import dj_database_url

SECRET_KEY = "benchmark"  # nosec B105
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "mptt",
    "hordak",
]
# As ours is: parameters bound in the server, statements prepared.
DATABASES = {"default": dict(dj_database_url.parse(os.environ["HORDAK_DATABASE_URL"]))}
DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 5}
DEFAULT_CURRENCY = HORDAK_INTERNAL_CURRENCY = "USD"
CURRENCIES = HORDAK_CURRENCIES = ["USD"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
