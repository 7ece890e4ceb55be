"""What cards say when a client is merged or archived.

Merged: cards on file, what is under way, and who they are at the processor go to the one who stays.
Each card stays the card of whom it was given to there, so it can be charged as before; a card that
both gave is kept once; the default is the one who stays's own. Archived: cards are removed, since
nobody may charge somebody who is out of sight; restoring does not bring them back.
"""

from collections.abc import Iterable

from django.db.models import Q

from cards.models import Attempt, CardOnFile, CardSaving, ProcessorCustomer
from cards.on_file import retire
from cards.purposes import purpose_of
from clients import archiving, merge_parts
from clients.merge_parts import Item, Obstacle, Pair, Part, Preview, Row
from clients.models import Client
from salon import said
from salon.desk import Desk


class CardsPart(Part):
    position = 35
    """Locked after the sales: who records a charge holds the sale, and then its attempt."""

    def lock(self, pair: Pair) -> None:
        """What moves, by id. Two queries."""
        for model in (Attempt, CardSaving):
            rows = model.objects.select_for_update(of=("self",)).filter(client=pair.gone)
            list(rows.order_by("pk").values_list("pk"))

    def preview(self, pair: Pair) -> Preview:
        """One query."""
        gone, kept = _cards_of(pair)
        if not gone and not kept:
            return Preview()
        both = {_face(card) for card in gone + kept}
        return Preview(
            rows=[Row("Cards on file", str(len(gone)), str(len(kept)), str(len(both)))],
            gone_items=_items(gone),
            kept_items=_items(kept),
            notes=_notes(gone, kept),
            stamp=str([(card.pk, card.is_default) for card in gone + kept]),
        )

    def merge(self, pair: Pair, preview: Preview) -> None:
        """At most one default at any moment: the database looks. Six queries, one for each twin."""
        gone, kept = _cards_of(pair)
        faces = {_face(card) for card in kept}
        for card in gone:
            if _face(card) in faces:
                retire(card, at=pair.desk.at, desk=pair.desk)
        cards = CardOnFile.objects.filter(client=pair.gone)
        if any(card.is_default for card in kept):
            cards.filter(is_default=True).update(is_default=False)
        cards.update(client=pair.kept)
        for model in (ProcessorCustomer, CardSaving, Attempt):
            model.objects.filter(client=pair.gone).update(client=pair.kept)


def _cards_of(pair: Pair) -> tuple[list[CardOnFile], list[CardOnFile]]:
    cards = list(CardOnFile.objects.standing().filter(client__in=[pair.gone, pair.kept]))
    gone = [card for card in cards if card.client_id == pair.gone.pk]
    return gone, [card for card in cards if card.client_id == pair.kept.pk]


def _face(card: CardOnFile) -> tuple[object, ...]:
    """What tells one plastic card from another; each saving of it has another token."""
    return card.brand, card.last4, card.exp_month, card.exp_year


def _items(cards: list[CardOnFile]) -> list[Item]:
    return [
        Item(str(card), f"expires {card.expiry}{', the default' if card.is_default else ''}")
        for card in cards
    ]


def _notes(gone: list[CardOnFile], kept: list[CardOnFile]) -> list[str]:
    default = next((card for card in kept if card.is_default), None)
    return [f"{default} stays the default card."] if default and gone else []


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """Card payments that are under way. One query."""
    under_way = Attempt.objects.open().filter(Q(client=client) | Q(card__client=client))
    for attempt in under_way:
        yield Obstacle(
            f"A card payment of {said.amount(attempt.amount)} is under way. Wait until it has "
            "ended, or cancel it.",
            url=purpose_of(attempt).url(attempt.reference),
            link="Open it",
        )


def tell_archiving(client: Client) -> Iterable[str]:
    """Which cards are removed. One query."""
    cards = [str(card) for card in CardOnFile.objects.standing().filter(client=client)]
    if cards:
        them = "card on file is" if len(cards) == 1 else "cards on file are"
        yield f"The {them} removed for good: {', '.join(cards)}."


def remove_of_archived(client: Client, desk: Desk) -> None:
    """All at once, under the client's lock. The sweep tells the processor to forget them."""
    CardOnFile.objects.standing().filter(client=client).order_by().update(
        removed_at=desk.at, removed_by=desk.staff, removed_till=desk.till, is_default=False
    )


def register_client_parts() -> None:
    """Take part in merging and archiving."""
    merge_parts.add(CardsPart())
    archiving.ask("cards", why_not_archive)
    archiving.go_along("cards", tell=tell_archiving, do=remove_of_archived)
