"""Asking by the processor's hosted page."""

from cards import recording
from cards.asking import Way, is_called_off, refused
from cards.gateway import Gateway, Rejected
from cards.models import Attempt
from cards.on_file import customer_of, stranger_of
from cards.recording import CANCELED, Ending


class OnPage(Way):
    """The processor's hosted page, on the client's phone or on this screen."""

    def send(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """Open the page; the same key finds the one that is open."""
        if attempt.keep_card and not attempt.customer:
            attempt = _with_customer(attempt)
        try:
            page = gateway.open_payment_page(
                amount=attempt.amount,
                reference=str(attempt.uuid),
                key=attempt.key("page"),
                description=attempt.description,
                back_url=attempt.back_url,
                expires_at=attempt.expires_at,
                customer=attempt.customer.gateway_id if attempt.customer else "",
                keep_card=attempt.keep_card,
            )
        except Rejected as rejected:
            return recording.end_unheard(attempt, refused(rejected))
        row = recording.keep(attempt, page_id=page.id, url=page.url)
        if is_called_off(row):
            return self._cancel_known(gateway, row, CANCELED)
        return recording.waits(row)

    def look(self, gateway: Gateway, attempt: Attempt) -> Attempt:
        """A page whose answer was lost is opened by its key; what that replays may be old."""
        if not attempt.page_id:
            attempt = self.send(gateway, attempt)
        if not attempt.page_id:
            return attempt
        return recording.record_page(attempt, gateway.page(attempt.page_id))

    def _cancel_known(self, gateway: Gateway, attempt: Attempt, ending: Ending) -> Attempt:
        return recording.record_page(attempt, gateway.expire_page(attempt.page_id), ending)


def _with_customer(attempt: Attempt) -> Attempt:
    """Whose the card will be, kept before the call: what is sent under a key must not change."""
    assert attempt.client is not None  # nosec B101 - `begin` demands one
    if attempt.started_by_id:
        customer = customer_of(attempt.client)
    else:
        customer = stranger_of(attempt.client, attempt.key("page"))
    Attempt.objects.filter(pk=attempt.pk, customer=None).update(customer=customer)
    return Attempt.objects.select_related("card", "customer", "client").get(pk=attempt.pk)
