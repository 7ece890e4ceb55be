"""What the server's log says of pages that somebody may not open."""

import logging
import sys
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import import_string


@pytest.fixture
def written() -> Callable[[Exception], str]:
    """An error of a page, as the console's filters and formatter write it."""
    filters = [import_string(each["()"])() for each in settings.LOGGING["filters"].values()]
    line = logging.Formatter(settings.LOGGING["formatters"]["line"]["format"])

    def write(error: Exception) -> str:
        try:
            raise error
        except type(error):
            said = "Forbidden: %s"
            name = "django.request"
            record = logging.LogRecord(name, 30, "", 0, said, ("/manage/tips/",), sys.exc_info())
        assert all(each.filter(record) for each in filters)
        return line.format(record)

    return write


def test_a_forbidden_page_is_one_line_with_the_permission(written):
    line = written(PermissionDenied("salon.pay_tips"))
    assert line.endswith("WARNING django.request: Forbidden: /manage/tips/ (salon.pay_tips)")
    assert "\n" not in line


def test_what_goes_wrong_keeps_its_traceback(written):
    assert "Traceback" in written(ValueError("no"))
