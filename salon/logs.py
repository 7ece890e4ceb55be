"""What goes to the log shorter than Django would write it."""

import logging

from django.core.exceptions import PermissionDenied


class ForbiddenInOneLine(logging.Filter):
    """Lets everything pass; somebody who may not open a page leaves a line and no traceback.

    Nothing went wrong there, and what went wrong elsewhere is not to be lost among it. The line
    says which permission it was.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, PermissionDenied):
            record.msg, record.args = "%s (%s)", (record.getMessage(), error)
            record.exc_info = record.exc_text = None
        return True
