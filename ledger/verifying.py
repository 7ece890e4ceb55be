"""Whether the books are well: every figure that is kept twice, compared in one moment.

A check is a SQL query with one column and one row for each thing that it looks at: NULL when the
thing is well, otherwise a sentence that names it and says what is wrong. It reads only, as the
web's role, and in sets: millions of rows in seconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db import connection
from moneyed import get_currency

from ledger import seal_checks
from ledger.checks import CHECKS
from ledger.screening import found_well
from salon.database import one_moment
from salon.money import currency

NAMED_AT_MOST = 20
SETTINGS = {
    # Whole tables are joined; with the default, millions of rows would go through files.
    "work_mem": "128MB",
    # All cores while it lasts: nearly all rows are added up where they are read.
    "parallel_setup_cost": "0",
    "parallel_tuple_cost": "0.001",
    # Compiling takes longer than it saves, in queries that are run once.
    "jit": "off",
}
"""For the transaction that verifies."""
HOW = {seal_checks.SEALS_ARE_THEIR_DAYS: seal_checks.HOW}
"""Of checks that a quick look finds well by doing less."""
_checks: dict[str, str] = dict(CHECKS)


@dataclass(frozen=True)
class Result:
    """What one check found. `named` has a sentence for each wrong row, for the first 20 of them.

    `how` says what was done where it was less than all.
    """

    check: str
    looked_at: int
    wrong: int
    named: list[str]
    how: str = ""


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


def verify(*, thorough: bool = False) -> Iterator[Result]:
    """Run every check on one snapshot of the books, while the desk goes on working.

    `thorough` takes no quick look: each row by each check, each seal's digest anew. It takes five
    times as long, and finds also what somebody did who knows how the checksums of seals are made.
    Inside a transaction it sees what that transaction sees, its own uncommitted rows too.
    """
    with one_moment(), connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("select set_config(%s, %s, true)", (name, value))
        well = {} if thorough else found_well(cursor)
        for check, query in _checks.items():
            if query in well:
                yield Result(check, well[query], 0, [], HOW.get(query, ""))
                continue
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
