"""Settings of the tests: those of production, cheaper hashes, and no manifest of static files."""

import os

# What a developer's shell holds must not change what the tests see.
for _name in ("DEBUG", "DEMO", "PUBLIC_URL", "EMAIL_HOST", "CURRENCY", "TIME_ZONE"):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "the tests' key"
# A placeholder: the harness points the connection at a database of its own, and gives the
# processes that it starts theirs.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "postgres://salon_web@/nowhere")
os.environ["DATABASE_OWNER_URL"] = os.environ.get("TEST_DATABASE_OWNER_URL", "")
os.environ["DATABASE_ROLE"] = os.environ.get("TEST_DATABASE_ROLE", "web")
# Connected to no processor, unless a test says to which.
for _name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"):
    os.environ[_name] = os.environ.get(f"TEST_{_name}", "")
os.environ["DATABASE_POOL_SIZE"] = "0"
os.environ["LOG_LEVEL"] = "WARNING"
# Playwright runs an event loop in the thread that the tests use the ORM from.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from salon.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files come from their folders; there is nothing collected for WhiteNoise to serve.
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
