"""The database is away, or too busy to answer: nothing was written, and the page says so."""

import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)


def is_behind(error: BaseException | None) -> bool:
    """Whether this error is the database not answering, and not a fault of the program."""
    return isinstance(error, OperationalError | InterfaceError)


def page() -> HttpResponse:
    """503. Asks nothing of the database; what was typed is still behind the browser's Back."""
    logger.error("The database does not answer.", exc_info=True)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
