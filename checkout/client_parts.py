"""What checkout says when a client is merged or archived.

Merged: sales, lines that sell them credit, and refunds are the one's who stays. Closed sales, too:
what goes back reaches that client. What was posted stays where it was posted. A sale that holds the
client's credit is closed or voided first: its payment may still go back into the lots it drew.
"""

from collections.abc import Iterable

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from checkout.models import LineItem, Order, Refund
from checkout.tender_kinds import CREDITS
from clients import archiving, merge_parts
from clients.merge_parts import Obstacle, Pair, Part, Preview, Row
from clients.models import Client
from salon.desk import Desk

IS_OPEN = Q(status=Order.Status.OPEN)


class SalesPart(Part):
    position = 40

    def lock(self, pair: Pair) -> None:
        """The sales that change their name, by id. Three queries."""
        ids = set(Order.objects.filter(client=pair.gone).values_list("pk", flat=True))
        ids |= set(_crediting(pair.gone).values_list("order", flat=True))
        orders = Order.objects.select_for_update(of=("self",)).filter(pk__in=ids)
        list(orders.order_by("pk").values_list("pk"))

    def preview(self, pair: Pair) -> Preview:
        """Two queries."""
        counts = {
            client: (sales, still_open)
            for client, sales, still_open in Order.objects.filter(client__in=[pair.gone, pair.kept])
            .order_by()
            .values_list("client")
            .annotate(sales=Count("pk", filter=~IS_OPEN), still_open=Count("pk", filter=IS_OPEN))
        }
        gone, kept = (counts.get(client.pk, (0, 0)) for client in (pair.gone, pair.kept))
        credited = _crediting(pair.gone).count()
        rows = [Row("Sales", str(gone[0]), str(kept[0]), str(gone[0] + kept[0]))]
        if gone[1] or kept[1]:
            rows.append(Row("Open sales", str(gone[1]), str(kept[1]), str(gone[1] + kept[1])))
        return Preview(rows=rows, stamp=f"{gone}{kept}{credited}")

    def obstacles(self, pair: Pair) -> Iterable[Obstacle]:
        """One query."""
        paid_with_credit = (
            Order.objects.open()
            .filter(client=pair.gone, tenders__kind=CREDITS, tenders__returned_at=None)
            .distinct()
        )
        for order in paid_with_credit.order_by("pk"):
            yield Obstacle(
                f"{pair.gone.name}’s credit is applied to sale #{order.number}, which is open. "
                "Close it, void it or take the credit back first.",
                url=reverse("checkout:order", args=[order.uuid]),
                link=f"Open sale #{order.number}",
            )

    def merge(self, pair: Pair, preview: Preview) -> None:
        """Open sales count a change, so that pages made before are told. Four queries."""
        gone, kept = pair.gone, pair.kept
        lines = _crediting(gone)
        shown = Q(client=gone) | Q(pk__in=lines.values("order"))
        Order.objects.open().filter(shown).update(revision=F("revision") + 1)
        Order.objects.filter(client=gone).update(client=kept)
        lines.update(beneficiary=kept)
        Refund.objects.filter(client=gone).update(client=kept)


def _crediting(client: Client) -> QuerySet[LineItem]:
    """Lines that sell this client credit, on whoever's sale."""
    return LineItem.objects.filter(beneficiary=client)


def why_not_archive(client: Client, desk: Desk) -> Iterable[Obstacle]:
    """Sales that are not closed yet: the client's, and those that sell them credit. One query."""
    theirs = Q(client=client) | Q(pk__in=_crediting(client).values("order"))
    for order in Order.objects.open().filter(theirs).order_by("pk"):
        yield Obstacle(
            f"Sale #{order.number} is open. Close it or void it first.",
            url=reverse("checkout:order", args=[order.uuid]),
            link=f"Open sale #{order.number}",
        )


def register_client_parts() -> None:
    """Called once, when the program starts."""
    merge_parts.add(SalesPart())
    archiving.ask("checkout", why_not_archive)
