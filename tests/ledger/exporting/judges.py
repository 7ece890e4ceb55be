"""The journal given to hledger, ledger and beancount: what each says stands on each account.

Who of them misses says so by failing: `make test` brings them.
"""

import csv
import datetime as dt
import io
import subprocess
from collections import defaultdict
from decimal import Decimal

from beancount import loader
from beancount.core.data import Transaction
from beancount.ops.validation import HARDCORE_VALIDATIONS
from django.db.models import Sum

from ledger.exporting.chart import read_chart
from ledger.exporting.formats import formats
from ledger.exporting.journal import journal
from ledger.exporting.names import Names
from ledger.exporting.rows import Span
from ledger.models import Account, Posting
from ledger.trial_balance import trial_balance
from salon.money import minor
from tools import judges

JUDGES = ("hledger", "ledger", "beancount")
Sums = dict[tuple[str, ...], Decimal]


def export(program: str, *, start=None, end=None, together=False, names=False) -> str:
    """The whole journal as one text."""
    form = formats()[program]
    span = Span(start, end)
    return "".join(journal(form=form, span=span, together=together, names=names))


def run(program: str, *arguments: str, given: str) -> str:
    """What hledger or ledger says of a journal; a failure with its words when it refuses."""
    judge = judges.find(program)
    assert judge, f"{program} is missing: python -m tools.judges brings it."
    done = subprocess.run(
        [judge.path, "-f", "-", *arguments],
        input=given.encode(),
        env=judge.environment,
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode()
    assert not done.returncode and not said, f"{program}: {said[:2000]}"
    return done.stdout.decode()


def _hledger(text: str) -> list[tuple[str, str, str]]:
    said = run("hledger", "--strict", "register", "--output-format", "csv", given=text)
    rows = csv.DictReader(io.StringIO(said))
    return [(row["date"], row["account"], row["amount"]) for row in rows]


def _ledger(text: str) -> list[tuple[str, str, str]]:
    said = run(
        "ledger",
        "--pedantic",
        "--date-format=%Y-%m-%d",
        "--format=%(date)\t%(account)\t%(amount)\n",
        "register",
        given=text,
    )
    return [tuple(line.split("\t")) for line in said.splitlines()]


def _beancount(text: str) -> list[tuple[str, str, str]]:
    entries, errors, _ = loader.load_string(text, extra_validations=HARDCORE_VALIDATIONS)
    assert not errors, errors[:3]
    return [
        (str(entry.date), leg.account, str(leg.units))
        for entry in entries
        if isinstance(entry, Transaction)
        for leg in entry.postings
    ]


_READERS = {"hledger": _hledger, "ledger": _ledger, "beancount": _beancount}


def read(program: str, text: str) -> list[tuple[str, str, Decimal, str]]:
    """Each posting as the program understood it: day, account, amount, currency."""
    found = []
    for day, account, amount in _READERS[program](text):
        figure, _, code = amount.partition(" ")
        found.append((day, account, Decimal(figure), code))
    return found


def balances(postings) -> Sums:
    """By account and currency, without those that are zero."""
    sums: Sums = defaultdict(Decimal)
    for _, account, amount, code in postings:
        sums[account, code] += amount
    return {key: total for key, total in sums.items() if total}


def ours(program: str, *, on: dt.date | None = None, together: bool = False) -> Sums:
    """The trial balance, by the names that this program has for accounts."""
    names = Names(formats()[program].legal, read_chart(), together)
    sums: Sums = defaultdict(Decimal)
    for code in Account.objects.order_by().values_list("currency", flat=True).distinct():
        for row in trial_balance(on, code).rows:
            sums[names.text(row.kind, row.name), code] += row.net.amount
    return {key: total for key, total in sums.items() if total}


def days(postings) -> dict[str, Decimal]:
    """What was debited on each day."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for day, _, amount, _ in postings:
        sums[day] += max(amount, Decimal())
    return dict(sums)


def our_days(currency: str = "USD") -> dict[str, Decimal]:
    """The same by our postings."""
    debits = Posting.objects.filter(amount__gt=0).values_list("business_date")
    units = Decimal(10) ** {"USD": 2, "JPY": 0, "KWD": 3}[currency]
    return {str(day): Decimal(total) / units for day, total in debits.annotate(Sum("amount"))}


def assert_agrees(program: str, *, start=None, end=None, together=False, names=False) -> None:
    """The program refuses nothing, and has every account's balance as we have it."""
    text = export(program, start=start, end=end, together=together, names=names)
    postings = read(program, text)
    assert balances(postings) == ours(program, on=end, together=together)
    if not start and not end:
        assert days(postings) == our_days(postings[0][3])


__all__ = ["JUDGES", "assert_agrees", "balances", "export", "minor", "ours", "read", "run"]
