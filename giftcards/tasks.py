"""The app's job. The worker runs it when a card's e-mail is due."""

import uuid as uuids

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="giftcards.send_card", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def send_card(*, mailing: str) -> bool:
    """Send one e-mail with a gift card in it; tried again for about an hour."""
    from giftcards.mailing import send

    return send(uuids.UUID(mailing))
