"""Another card for a membership, of those that the client has on file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.models import CardOnFile
from cards.on_file import expires_before
from memberships.changing.cards import choose_card
from memberships.changing.quotes import Quote
from memberships.desk.acts import Act, Done
from memberships.desk.forms import CardForm
from memberships.errors import Refused
from memberships.models import Membership
from salon.desk import Desk


class ChooseCard(Act):
    code = "card"
    label = "Choose another card"
    icon = "card"
    template = "memberships/_act_card.html"
    form = CardForm

    def is_offered(self, membership: Membership) -> bool:
        return membership.is_standing

    def quote(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> Quote | None:
        lines = ["Charged from the next charge on."]
        if membership.owes_a_period:
            lines = ["Nothing is charged by this: press Retry afterwards."]
        return Quote(f"Card for {membership.plan}", lines=lines)

    def shows(self, membership: Membership, asked: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
        """The cards, each with whether it can be charged. One query."""
        on = desk.business_date
        return {
            "cards": [(card, expires_before(card, on)) for card in _cards(membership)],
        }

    def do(self, membership: Membership, form: Any, desk: Desk, quote: Quote) -> Done:
        pk = form.cleaned_data["card"]
        card = next((card for card in _cards(membership) if card.pk == pk), None)
        if card is None:
            raise Refused("That card was removed. The card is still the same. Choose another one.")
        choose_card(membership=membership, card=card, desk=desk)
        return Done(f"{card} pays {membership.plan} from now on.")


def _cards(membership: Membership) -> list[CardOnFile]:
    client = membership.client.survivor_id
    return list(CardOnFile.objects.standing().filter(client=client))
