"""The ledger's jobs. The worker runs them; several workers at once do no harm."""

from procrastinate.contrib.django import app


@app.periodic(cron="20 * * * *")
@app.task(name="ledger.expire_lots", queueing_lock="ledger.expire_lots")
def expire(timestamp: int) -> int:
    """Hourly, since each location's day ends at its own hour. How many lots expired."""
    from ledger.expiring import expire_lots
    from salon import clock

    return len(expire_lots(clock.now()))
