"""Looking things up in the catalog, for adding them to a sale."""

from collections.abc import Sequence

from django.db.models import Q

from salon.models import Product, Service, ServiceCategory

LIMIT = 40
"""Products shown at a time."""


def services_by_category() -> list[tuple[ServiceCategory, list[Service]]]:
    """What is offered, in the order of the catalog. One query."""
    found: dict[ServiceCategory, list[Service]] = {}
    services = Service.objects.active().select_related("category", "tax_rate")
    for service in services.order_by("category__position", "category__name", "name"):
        found.setdefault(service.category, []).append(service)
    return list(found.items())


def products_matching(text: str) -> Sequence[Product]:
    """Products whose name, brand or SKU hold every word; SKUs first. One query."""
    products = Product.objects.active()
    for word in text.replace("\x00", "").split()[:8]:
        products = products.filter(
            Q(name__icontains=word) | Q(brand__icontains=word) | Q(sku__istartswith=word)
        )
    return list(products.order_by("brand", "name", "pk")[:LIMIT])


def product_by_code(text: str) -> Product | None:
    """The product with this SKU, as a scanner types it; else the only one that matches."""
    exact = list(Product.objects.active().filter(sku__iexact=text.strip()).exclude(sku="")[:2])
    if exact:
        return exact[0] if len(exact) == 1 else None
    matching = products_matching(text)[:2]
    return matching[0] if len(matching) == 1 else None
