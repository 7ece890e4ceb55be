"""Logging in, with a pause for who guesses."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from salon import guessing


class LogInForm(AuthenticationForm):
    """Django's form; after five wrong passwords it waits five minutes before it looks again."""

    error_messages = {
        "invalid_login": "That name and password don’t belong together. Check both and try again.",
        "inactive": "This login is switched off. Ask the owner.",
        "paused": "Too many wrong passwords for this name. Wait five minutes, then try again.",
    }

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username") or ""
        # Without a password nothing is tried, and so nothing is right: it forgives no slip.
        if self.request is None or not username or not self.cleaned_data.get("password"):
            return super().clean()
        if not guessing.may_try(username, self.request):
            raise ValidationError(self.error_messages["paused"], code="paused")
        cleaned = super().clean()
        guessing.forget(username, self.request)
        return cleaned
