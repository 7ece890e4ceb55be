"""Services and products in the search over everything: pressing one starts a sale with it."""

import uuid as uuids
from collections.abc import Sequence

from django.db.models import Case, Q, Value, When
from django.urls import reverse

from checkout.finding import products_matching
from salon import permissions, said
from salon.desk import Desk
from salon.models import Service
from salon.search import Hit


def find_services(query: str, desk: Desk, limit: int) -> Sequence[Hit]:
    """Services whose name, or category, holds every word; those called so first. One query."""
    words = query.replace("\x00", "").split()[:8]
    if not _may_sell(desk) or not words:
        return []
    services = Service.objects.active()
    for word in words:
        services = services.filter(Q(name__icontains=word) | Q(category__name__icontains=word))
    is_called_so = Case(
        When(name__istartswith=words[0], then=Value(0)),
        When(name__icontains=words[0], then=Value(1)),
        default=Value(2),
    )
    return [
        Hit(
            url=_new_sale_with("service", service.pk),
            name=service.name,
            note=f"{service.minutes} min · New sale with it",
            end=said.amount(service.price),
            is_act=True,
        )
        for service in services.order_by(is_called_so, "name", "pk")[:limit]
    ]


def find_products(query: str, desk: Desk, limit: int) -> Sequence[Hit]:
    """Products whose name, brand or SKU hold every word. One query."""
    if not _may_sell(desk):
        return []
    return [
        Hit(
            url=_new_sale_with("product", product.pk),
            name=str(product),
            note="New sale with it",
            end=said.amount(product.price),
            is_act=True,
        )
        for product in products_matching(query)[:limit]
    ]


def _may_sell(desk: Desk) -> bool:
    return desk.staff is not None and desk.staff.has_perm(permissions.MODIFY_SALES)


def _new_sale_with(kind: str, pk: int) -> str:
    """With a name for the sale, so that a press sent twice opens one."""
    return f"{reverse('checkout:new')}?{kind}={pk}&uuid={uuids.uuid4()}"
