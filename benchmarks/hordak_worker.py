"""One of the eight processes that transfer with django-hordak: `... SCENARIO SECONDS SEED`.

As benchmarks/worker.py: says "ready", waits for a line, prints how many transfers it made.
"""

from __future__ import annotations

import random
import sys

import django

from benchmarks import pace

ACCOUNTS = 10_000
HOUSE = 64


def load() -> None:
    """Accounts of clients and of the house, written in bulk; the tree's columns by hand."""
    django.setup()
    from hordak.models import Account

    rows = [
        Account(
            name=f"account {number}",
            code=f"{number:06}",
            type="LI" if number > HOUSE else "AS",
            currencies=["USD"],
            lft=1,
            rght=2,
            tree_id=number,
            level=0,
        )
        for number in range(1, ACCOUNTS + HOUSE + 1)
    ]
    Account.objects.bulk_create(rows, batch_size=1000)


def main(seconds: float, seed: int) -> None:
    """A transfer between a till and a client, in and out in turn, each its own transaction."""
    django.setup()
    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Account

    chance = random.Random(seed)  # nosec B311
    accounts = {account.tree_id: account for account in Account.objects.all()}
    amount = Money(5, "USD")

    def one(number: int) -> None:
        client = accounts[chance.randint(HOUSE + 1, ACCOUNTS)]
        till = accounts[number % HOUSE + 1]
        pair = (till, client) if number % 2 else (client, till)
        with transaction.atomic():
            pair[0].transfer_to(pair[1], amount)

    pace.run(one, seconds, warm=20)


if __name__ == "__main__":
    if sys.argv[1] == "load":
        load()
    else:
        main(float(sys.argv[2]), int(sys.argv[3]))
