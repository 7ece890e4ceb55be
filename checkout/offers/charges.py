"""How the desk takes a card through the connected processor: what to charge, and which way."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from djmoney.money import Money

from cards import attempts, gateways
from cards.models import Attempt, CardOnFile
from checkout.allocating import says_what_is_barred
from checkout.charges.charging import begin_charge
from checkout.charges.links import link_to
from checkout.charges.readers import readers_online
from checkout.errors import Refused
from checkout.forms.base import ActForm
from checkout.forms.payments import ChargeForm, charge_value
from checkout.models import OrderCharge
from checkout.offering import Button, Outcome, PaymentOffer
from checkout.offers.payments import barred_here, typed
from checkout.presenting import OrderPage
from checkout.tender_kinds import CHARGE
from salon import errors, qr, said
from salon.forms import MoneyInput

_Way = Attempt.Way


class ChargeOffer(PaymentOffer):
    """One button; its panel has the amount and each way to charge it as a button."""

    kind = CHARGE
    template = "checkout/_pay_charge.html"
    form = ChargeForm

    def buttons(self, page: OrderPage) -> list[Button]:
        if not gateways.connected():
            return []
        return [Button("Card", "card", key="d", **barred_here(page, self.kind))]

    def initial(self, page: OrderPage, asked: Mapping[str, str]) -> dict[str, Any]:
        return {"amount": _asked_for(page, asked)}

    def shows(self, page: OrderPage, form: ActForm, asked: Mapping[str, str]) -> dict[str, Any]:
        """The cards on file, or the code for the client's phone. One query.

        `charges_first`: Enter charges the first card.
        """
        form["amount"].help_text = says_what_is_barred(self.kind, page.lines)
        most = typed(page.payable_by(self.kind))
        shows: dict[str, Any] = {"remaining": most, "most": most}
        way = asked.get("way", "")
        if way == _Way.PHONE:
            return shows | _on_phone(page, _asked_for(page, asked))
        if way == _Way.READER:
            # Without script nobody fills the slot.
            shows |= {"readers": reader_choices(), "has_readers": True}
        cards = _card_choices(page)
        charges_first = bool(cards) and not cards[0][2]
        return shows | {"cards": cards, "charges_first": charges_first}

    def take(self, page: OrderPage, form: ChargeForm) -> Outcome:
        """Charge it now, or ask for the card. Raises Refused where the card says no."""
        uuid = form.cleaned_data["uuid"]
        charge = begin_charge(
            order=page.order,
            amount=form.cleaned_data["amount"],
            way=form.cleaned_data["way"],
            card=form.card,
            reader_id=form.reader_id,
            back_url=form.came_from
            + reverse("checkout:charge_back", kwargs={"order": page.order.uuid, "charge": uuid}),
            desk=page.desk,
            **form.identity,
        )
        charge.attempt = _sent(charge.attempt)
        if charge.attempt.status in (Attempt.Status.FAILED, Attempt.Status.CANCELED):
            form.begin_anew()
            raise Refused(charge.attempt.failure or "It was canceled. Nothing was charged.")
        return _outcome(charge)


def _sent(attempt: Attempt) -> Attempt:
    try:
        return attempts.send(attempt)
    except errors.Refused as refused:  # The processor was switched off since it was begun.
        raise Refused(refused.message) from refused


def reader_choices() -> list[tuple[str, str]] | None:
    """Each reader that is online: what its button sends, and its label. None: no answer."""
    found = readers_online()
    if found is None:
        return None
    return [(charge_value(_Way.READER, reader.id), reader.label) for reader in found]


def _outcome(charge: OrderCharge) -> Outcome:
    attempt = charge.attempt
    if attempt.status == Attempt.Status.SUCCEEDED:
        return Outcome("Payment taken.")
    if attempt.status == Attempt.Status.STARTED:
        return Outcome("The processor does not answer yet.")
    if attempt.way == _Way.SCREEN:
        return Outcome("The card page opens.", address=attempt.url)
    return Outcome("Waiting for the card.")


def _card_choices(page: OrderPage) -> list[tuple[str, CardOnFile, bool]]:
    """What each card's button sends, the card, and whether its month is over: those come last."""
    if page.client is None:
        return []
    cards = CardOnFile.objects.standing().filter(client=page.client.survivor_id)
    today = page.desk.business_date
    choices = [(charge_value(_Way.ON_FILE, card.pk), card, card.last_day < today) for card in cards]
    return sorted(choices, key=lambda choice: choice[2])


def _on_phone(page: OrderPage, amount: Money) -> dict[str, Any]:
    """A part is a cap; else the phone pays what remains then, whatever that is."""
    is_part = amount < page.payable_by(CHARGE)
    link = link_to(page.order, amount if is_part else None)
    return {"phone": True, "link": link, "qr": qr.svg(link), "amount": said.amount(amount)}


def _asked_for(page: OrderPage, asked: Mapping[str, str]) -> Money:
    """What the address asks for, at most what can be paid; all of that where it says nothing."""
    payable = page.payable_by(CHARGE)
    text = asked.get("amount", "")
    if not text or text == asked.get("prefilled_amount"):
        return payable
    try:
        return min(MoneyInput().clean(text), payable)
    except ValidationError:
        return payable
