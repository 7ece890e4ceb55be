"""One of the eight processes that post: `python -m benchmarks.worker SCENARIO SECONDS SEED`.

Says "ready", waits for a line, posts until its time is over, prints how many entries it posted.
"""

from __future__ import annotations

import datetime as dt
import random
import sys

import django

from benchmarks import pace


def main(scenario: str, seconds: float, seed: int) -> None:
    """Half of the entries open a lot of $5.00, half draw $5.00; each call is its own transaction.

    What is opened ends soon and so is drawn first: no client piles up lots.
    """
    django.setup()
    from benchmarks.servers import CLIENTS
    from ledger.legs import Draw, Move, Open, Terms
    from ledger.posting import Cause, post
    from salon.desk import Desk
    from salon.models import Location, StaffMember

    chance = random.Random(seed)
    keys = random.Random()  # Never the same again: a key that was used answers and posts nothing.
    desk = Desk(staff=StaffMember.objects.get(), location=Location.objects.get())
    soon = desk.business_date + dt.timedelta(days=30)
    terms = Terms(source="purchase", is_paid=True, expires_on=soon)

    def one(number: int) -> None:
        client = 1 if scenario == "one client" else chance.randint(11, CLIENTS)
        house = "open_orders/" if scenario == "one house account" else f"cash/till:{number % 64}"
        account = f"client_credit/client:{client}"
        legs = (
            [Open(account, 500, terms), Move(house, 500)]
            if number % 2
            else [Draw(account, 500), Move(house, -500)]
        )
        key = f"{keys.getrandbits(128):032x}"
        post(
            key=f"tender:{key}:take",
            kind="tender",
            legs=legs,
            desk=desk,
            cause=Cause("order", key),
        )

    pace.run(one, seconds, warm=50)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
