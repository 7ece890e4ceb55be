"""The card processor's jobs. The worker runs them; several workers at once do no harm."""

from procrastinate.contrib.django import app


@app.periodic(cron="* * * * *")
@app.task(name="cards.settle", queueing_lock="cards.settle", lock="cards.settle")
def settle(timestamp: int) -> int:
    """Each minute: finish what a crash or a lost answer left open. How many rows still are."""
    from cards.sweeping import sweep

    return len(sweep())
