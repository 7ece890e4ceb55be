"""Whether the books are well: every figure that is kept twice, compared in one moment.

A check is a SQL query with one column and one row for each thing that it looks at: NULL when the
thing is well, otherwise a sentence that names it and says what is wrong. It reads only, as the
web's role, and in sets: millions of rows in seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from moneyed import get_currency

from ledger.checks import CHECKS
from salon.money import currency

NAMED_AT_MOST = 20
_checks: dict[str, str] = dict(CHECKS)


@dataclass(frozen=True)
class Result:
    """What one check found. `named` has a sentence for each wrong row, for the first 20 of them."""

    check: str
    looked_at: int
    wrong: int
    named: list[str]


def register_all(checks: Mapping[str, str]) -> None:
    """Add the checks of an upper floor, in its AppConfig.ready(): each by what holds.

    Rows of upper floors keep amounts in the currency's units, the ledger in minor units: `{units}`
    in a query is how many of these make one of those.
    """
    units = str(get_currency(currency()).sub_unit)
    for check, query in checks.items():
        register(check, query.replace("{units}", units))


def register(check: str, query: str) -> None:
    """Add one check, its query as it is."""
    if _checks.setdefault(check, query) != query:
        raise ValueError(f"There is another check named “{check}”.")


def verify() -> Iterator[Result]:
    """Run every check on one snapshot of the books, while the desk goes on working.

    Inside a transaction it sees what that transaction sees, its own uncommitted rows too.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("set transaction isolation level repeatable read, read only")
        # Whole tables are joined; with the default, millions of rows would go through files.
        cursor.execute("set local work_mem = '64MB'")
        for check, query in _checks.items():
            cursor.execute(_counting(query))
            looked_at, wrong, named = cursor.fetchone()
            yield Result(check, looked_at, wrong, named or [])


def _counting(query: str) -> str:
    # Checks are code of this program, never somebody's input.
    return f"""
        select count(*), count(finding),
               (array_agg(finding) filter (where finding is not null))[1:{NAMED_AT_MOST}]
        from ({query}) as looked_at (finding)
    """  # nosec B608
