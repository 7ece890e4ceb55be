"""The app's jobs. The worker runs them; a job that fails is tried again for about an hour."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="deposits.tell", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def tell(*, what: str, row: str, was: str = "", text: str = "") -> bool:
    """E-mail a client something (`what`: own/mails.py) about the row. False: not any more."""
    from deposits.own.mails import send

    return send(what=what, row=row, was=was, text=text)


@app.task(name="deposits.cancel_attempts", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def cancel_attempts(*, request: str) -> int:
    """Nobody has to pay this request any more: close its open card pages. How many there were."""
    from deposits.payments.paying import cancel_attempts_of

    return cancel_attempts_of(request)


@app.periodic(cron="* * * * *")
@app.task(name="deposits.lapse", queueing_lock="deposits.lapse", lock="deposits.lapse")
def lapse(timestamp: int) -> int:
    """Each minute: give back the times that nobody paid for. How many requests lapsed."""
    from deposits.payments.lapsing import lapse_due

    return lapse_due()
