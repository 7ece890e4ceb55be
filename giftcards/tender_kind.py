"""Paying with a gift card, in the books: its lots are drawn, and get back what returns."""

from dataclasses import replace

from checkout import tender_kinds
from checkout.allocating import says_what_is_barred
from checkout.errors import Refused
from checkout.funds import drawn_by, standing_funds
from checkout.models import Order, Tender
from checkout.recent_use import last_use
from checkout.spending import room_for
from checkout.tender_kinds import BALANCE, Back, Taking, TenderKind
from checkout.ways_back import credit_restored, credit_returned, last_drawn_first
from clients.standing import hold
from giftcards import codes
from giftcards.models import GiftCard
from giftcards.selling import KIND
from giftcards.standing import check_usable
from ledger import accounts
from ledger.kinds import Restriction
from ledger.legs import Draw, Leg, Open
from ledger.models import Lot
from salon.money import minor, money


class GiftCardKind(TenderKind):
    """A bearer pays with what is on a card; what it paid goes back to the card, or to a balance."""

    draws_lots = True

    def way_back(self, tender: Tender) -> str:
        return f"gift card {tender.reference}"

    def check(self, tender: Tender) -> None:
        if not tender.reference:
            raise Refused("Enter the code of the gift card. Nothing was taken.", field="code")

    def hold(self, tender: Tender) -> None:
        """The card, if there is one with this code. One query."""
        cards = GiftCard.objects.select_for_update().filter(code=codes.normalized(tender.reference))
        cards.values_list("pk").first()

    def debit_legs(self, tender: Tender, taking: Taking) -> list[Leg]:
        """`tender.reference` brings the code; what is kept of it are its last four characters.

        The card is locked. At most nine queries.
        """
        card = _locked(tender.reference)
        left = check_usable(card, taking.desk.business_date)
        if tender.amount > left:
            message = f"Only {left} is left on gift card {card.masked}. Nothing was taken."
            if use := _just_used(card, taking.order):
                message += f" {use}"
            raise Refused(message, field="amount")
        _check_room(tender, taking)
        tender.reference = card.masked
        tender.account = card.account
        return [Draw(card.account_name, minor(tender.amount))]

    def taken_back_legs(self, back: Back) -> list[Leg]:
        """Into the very lots that it drew, the last one first; or from them into a balance."""
        drawn = drawn_by([back.tender])[back.tender.pk]
        parts = last_drawn_first(drawn, back.amount)
        if back.destination == BALANCE:
            return [_to_balance(lot, part, back) for lot, part in parts]
        return [credit_restored(lot, part, back.desk) for lot, part in parts]

    def refund_legs(self, back: Back) -> list[Leg]:
        """A child lot of each lot drawn, on its terms: on the card, or on a client's balance."""
        leg = _to_balance if back.destination == BALANCE else _to_card
        return [leg(lot, part, back) for lot, part in back.parts if lot]


def _just_used(card: GiftCard, besides: Order) -> str:
    """ "$60.00 of it was just used on sale #1042." or nothing. Three queries at most."""
    use = last_use(besides, account=card.account_id)
    return f"{use.amount} of it was just used on sale #{use.sale}." if use else ""


def _locked(code: str) -> GiftCard:
    # Its account is read after the lock was waited for: a join would show it as it was before.
    card = GiftCard.objects.select_for_update().filter(code=codes.normalized(code)).first()
    if card is None:
        raise Refused("There is no gift card with this code. Nothing was taken.", field="code")
    return card


def _check_room(tender: Tender, taking: Taking) -> None:
    funds = standing_funds(taking.order, taking.tenders)
    room = room_for(KIND, Restriction.ANY, taking.lines, funds)
    if minor(tender.amount) <= room:
        return
    why = says_what_is_barred(KIND, taking.lines)
    raise Refused(
        f"A gift card can pay at most {money(room)} of what is on this sale. {why} "
        "Nothing was taken.",
        field="amount",
    )


def _to_card(lot: Lot, amount: int, back: Back) -> Leg:
    return credit_returned(lot, amount, back.desk)


def _to_balance(lot: Lot, amount: int, back: Back) -> Leg:
    """Its terms and its origin come along; what the client owes is settled first."""
    if back.client is None:
        raise Refused("Choose the client whose balance takes the refund.", field="client")
    leg = credit_returned(lot, amount, back.desk)
    assert isinstance(leg, Open)  # nosec B101 - what it makes
    taker = hold(back.client)
    return replace(leg, account=accounts.credit_of(taker), settles=accounts.owed_by(taker))


def register_tender() -> None:
    """Called once, when the program starts."""
    tender_kinds.register(GiftCardKind(KIND, "Gift card", "Gift card", (KIND, BALANCE)))
