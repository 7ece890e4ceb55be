"""The ledger's jobs. The worker runs them; several workers at once do no harm."""

import datetime as dt

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.periodic(cron="20 * * * *")
@app.task(name="ledger.expire_lots", queueing_lock="ledger.expire_lots")
def expire(timestamp: int) -> int:
    """Hourly, since each location's day ends at its own hour. How many lots expired."""
    from ledger.expiring import expire_lots
    from salon import clock

    return len(expire_lots(clock.now()))


@app.periodic(cron="10 3 * * *")
@app.task(name="ledger.snapshot", queueing_lock="ledger.snapshot")
def snapshot(timestamp: int) -> int:
    """Nightly: sums of days for the reports. Up to which entry."""
    from ledger.snapshots import advance

    return advance().through


@app.task(name="ledger.email_statement", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def email_statement(
    *, uuid: str, client: int, start: str, end: str, to: str, location: int, by: str = ""
) -> None:
    """E-mail a client's statement. `uuid` names the form that asked for it, `by` who sent that."""
    from clients.models import Client
    from ledger.sending_statements import send_statement
    from salon.models import Location

    send_statement(
        client=Client.objects.get(pk=client),
        start=dt.date.fromisoformat(start),
        end=dt.date.fromisoformat(end),
        to=to,
        at=Location.objects.get(pk=location),
    )
