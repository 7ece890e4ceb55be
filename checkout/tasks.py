"""Checkout's jobs. The worker runs them; a job that fails is tried again for about an hour."""

import uuid as uuids

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app


@app.task(name="checkout.email_receipt", retry=RetryStrategy(max_attempts=6, exponential_wait=6))
def email_receipt(
    *, order: str, to: str, by: str = "", refund: str = "", from_phone: bool = False
) -> bool:
    """E-mail the receipt of a sale, or of one of its refunds. `by` is for the sale's page.

    `from_phone`: who paid on their own phone asked for it.
    """
    from checkout.sending_receipts import send_receipt

    return send_receipt(
        order=uuids.UUID(order),
        to=to,
        refund=uuids.UUID(refund) if refund else None,
        from_phone=from_phone,
    )
