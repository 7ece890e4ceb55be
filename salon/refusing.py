"""Saying on the next page why an act was refused."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from salon.errors import Refusal


@contextmanager
def refusal_told(request: HttpRequest) -> Iterator[None]:
    """Where what is done inside is refused, the next page says why; the rest of it is skipped."""
    try:
        yield
    except Refusal as refused:
        messages.error(request, refused.message)
