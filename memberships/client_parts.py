"""What memberships say when a client is merged or archived.

Merged: memberships, and enrolments that wait, are the one's who stays, and go on being charged to
the same card; not while both are members of the same plan. Archived: not while they are a member,
or about to be.
"""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.urls import reverse

from cards.models import CardOnFile
from clients import archiving, merge_parts
from clients.merge_parts import Item, Obstacle, Pair, Part, Preview, Row
from clients.models import Client
from memberships.enrolling.words import day_said, every_said
from memberships.models import Enrolment, Membership, Plan
from salon.desk import Desk

WAITING = Q(status=Enrolment.Status.WAITING)


class MembershipsPart(Part):
    position = 37
    """Locked after sales and visits, before the cards’ attempts. By then the cards have moved."""

    def lock(self, pair: Pair) -> None:
        """What moves, by id: memberships, then enrolments. Two queries."""
        for model in (Membership, Enrolment):
            rows = model.objects.select_for_update(of=("self",)).filter(client=pair.gone)
            list(rows.order_by("pk").values_list("pk"))

    def preview(self, pair: Pair) -> Preview:
        """One query."""
        gone, kept = _standing(pair)
        if not gone and not kept:
            return Preview()
        both = len(gone) + len(kept)
        return Preview(
            rows=[Row("Memberships", str(len(gone)), str(len(kept)), str(both))],
            gone_items=[_item(membership) for membership in gone],
            kept_items=[_item(membership) for membership in kept],
            stamp=str([(one.pk, one.status, one.plan_id, one.next_plan_id) for one in gone + kept]),
        )

    def obstacles(self, pair: Pair) -> Iterable[Obstacle]:
        """One query."""
        gone, kept = _standing(pair)
        theirs = _plans(gone)
        for plan in _plans(kept):
            if plan in theirs:
                yield Obstacle(
                    f"Both are members of {plan}, or will be with their next charge. End one of "
                    "the two memberships first, or take the change of plan back.",
                    url=reverse("clients:detail", args=[pair.gone.pk]),
                    link=f"Open {pair.gone.name}",
                )

    def merge(self, pair: Pair, preview: Preview) -> None:
        """Where the same card was kept for both, the one that stays is charged. Six queries at
        most."""
        twins = _twins(pair)
        for model in (Membership, Enrolment):
            theirs = model.objects.filter(client=pair.gone)
            for gone, kept in twins.items():
                theirs.filter(card=gone).update(card=kept)
            theirs.update(client=pair.kept)


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """What is still charged, or about to be. Two queries."""
    page = reverse("clients:detail", args=[client.pk])
    for membership in Membership.objects.standing().filter(client=client).select_related("plan"):
        yield Obstacle(
            f"{client.first_name} is a member of {membership.plan}. End the membership first.",
            url=page,
            link=f"Open {client.name}",
        )
    for enrolment in _waiting(client):
        yield Obstacle(
            f"{client.first_name} is enrolling in {enrolment.plan} online. Wait until that is paid "
            "or has lapsed.",
            url=page,
            link=f"Open {client.name}",
        )


def _waiting(client: Client) -> QuerySet[Enrolment]:
    """Online, and neither paid nor lapsed yet; those at a desk are open sales anyway."""
    online = Enrolment.objects.filter(WAITING, came_from=Enrolment.CameFrom.ONLINE, client=client)
    return online.select_related("plan").order_by("pk")


def _standing(pair: Pair) -> tuple[list[Membership], list[Membership]]:
    rows = Membership.objects.standing().filter(client__in=[pair.gone, pair.kept])
    found = list(rows.select_related("plan", "next_plan").order_by("pk"))
    gone = [membership for membership in found if membership.client_id == pair.gone.pk]
    return gone, [membership for membership in found if membership.client_id == pair.kept.pk]


def _plans(memberships: list[Membership]) -> list[Plan]:
    """What they are of, and what they become with the next charge."""
    plans = [plan for one in memberships for plan in (one.plan, one.next_plan) if plan]
    return list(dict.fromkeys(plans))


def _twins(pair: Pair) -> dict[int, int]:
    """Cards that were just taken off since the one who stays has the same one. Two queries."""
    removed = CardOnFile.objects.filter(
        client=pair.kept, removed_at=pair.desk.at, removed_by=pair.desk.staff
    )
    standing = {_face(card): card.pk for card in _cards(pair.kept)}
    return {card.pk: standing[_face(card)] for card in removed if _face(card) in standing}


def _cards(client: Client) -> QuerySet[CardOnFile]:
    return CardOnFile.objects.standing().filter(client=client)


def _face(card: CardOnFile) -> tuple[object, ...]:
    return card.brand, card.last4, card.exp_month, card.exp_year


def _item(membership: Membership) -> Item:
    """Gold: $100.00 a month, next charge Dec 22, 2026."""
    due = membership.next_charge_on
    note = f"next charge {day_said(due)}" if due else membership.get_status_display().lower()
    return Item(str(membership.plan), note, every_said(membership))


def register_client_parts() -> None:
    """Take part in merging and archiving."""
    merge_parts.add(MembershipsPart())
    archiving.ask("memberships", why_not_archive)
