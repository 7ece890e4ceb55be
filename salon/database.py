"""Installing SQL that stands in files: functions, triggers and grants, after each migrate; and
reading everything as it was in one moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction


def render(path: Path) -> str:
    """A SQL file with {web} replaced by the quoted name of the web's database role."""
    web = connection.ops.quote_name(settings.DATABASE_WEB_ROLE)
    return path.read_text(encoding="utf-8").replace("{web}", web)


def install(*paths: Path) -> None:
    """Run the files in order, in one transaction. The files may be run any number of times."""
    with transaction.atomic(), connection.cursor() as cursor:
        for path in paths:
            cursor.execute(render(path), None)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read in here is of one snapshot, and nothing can be written.

    Inside of a transaction it is what that transaction sees, its own uncommitted rows too.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("set transaction isolation level repeatable read, read only")
        yield
