"""What is sold: services with price, time, tax and staff; products; tax rates."""

from django.contrib import admin
from django.db.models import QuerySet

from salon.models import Product, Service, ServiceCategory, TaxRate
from salon.recording import Archiving, Recorded


@admin.register(TaxRate)
class TaxRateAdmin(Archiving):
    list_display = ["name", "percent"]

    def why_not_archive(self, queryset: QuerySet[TaxRate]) -> str:
        """A rate that is charged must stay."""
        in_use = [
            model.objects.active().filter(tax_rate__in=queryset).count()
            for model in (Service, Product)
        ]
        if not any(in_use):
            return ""
        return (
            f"Nothing was archived: {in_use[0]} services and {in_use[1]} products still charge it. "
            "Give them another rate first."
        )


@admin.register(ServiceCategory)
class ServiceCategoryAdmin(Recorded):
    list_display = ["name", "position"]
    list_editable = ["position"]


@admin.register(Service)
class ServiceAdmin(Archiving):
    list_display = ["name", "category", "price", "minutes", "tax_rate"]
    list_filter = ["category", "tax_rate"]
    list_select_related = ["category", "tax_rate"]
    search_fields = ["name"]
    filter_horizontal = ["staff"]


@admin.register(Product)
class ProductAdmin(Archiving):
    list_display = ["name", "brand", "sku", "price", "tax_rate"]
    list_filter = ["brand", "tax_rate"]
    list_select_related = ["tax_rate"]
    search_fields = ["name", "brand", "sku"]
