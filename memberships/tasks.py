"""The app's jobs. The worker runs them; a job that fails is tried again for about an hour."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="memberships.tell", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def tell(*, what: str, row: str) -> bool:
    """E-mail a member something (`what`: own/mails.py) about the row. False: not any more."""
    from memberships.own.mails import send

    return send(what=what, row=row)


@app.periodic(cron="10 * * * *")
@app.task(name="memberships.renew", queueing_lock="memberships.renew")
def renew(timestamp: int) -> str:
    """Hourly, since each location's day begins at its own hour: charge what is due. What was done.

    One that is killed goes on with the next; several may run at once.
    """
    from memberships.renewing.renewing import renew_due

    return str(renew_due())


@app.task(name="memberships.close_pages", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def close_pages(*, enrolment: str) -> int:
    """An enrolment online is over: close its open card pages. How many there were."""
    from memberships.enrolling import paying

    return paying.close_pages(enrolment)


@app.periodic(cron="* * * * *")
@app.task(name="memberships.lapse", queueing_lock="memberships.lapse", lock="memberships.lapse")
def lapse(timestamp: int) -> int:
    """Each minute: let go the enrolments that nobody paid for. How many lapsed."""
    from memberships.enrolling.waiting import lapse_due

    return lapse_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="memberships.finish_cards", queueing_lock="memberships.finish_cards")
def finish_cards(timestamp: int) -> int:
    """Every five minutes: cards that members gave online and nobody saw come. How many came."""
    from memberships.changing.cards import finish_due

    return finish_due()
