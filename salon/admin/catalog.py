"""What is sold: services with price, time, tax and staff; products; tax rates."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from salon.admin.tax_rates import TaxRateForm, keep_the_sum
from salon.changing_settings import snapshot
from salon.models import Product, Service, ServiceCategory, TaxRate
from salon.recording import Archiving, Recorded


@admin.register(TaxRate)
class TaxRateAdmin(Archiving):
    form = TaxRateForm
    list_display = ["name", "percent", "is_included", "made_of"]
    fields = ["name", "percent", "is_included", "parts"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[TaxRate]:
        return super().get_queryset(request).prefetch_related("parts")

    @admin.display(description="Parts")
    def made_of(self, rate: TaxRate) -> str:
        return " + ".join(str(part) for part in rate.parts.all())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The rates that this one is a part of stay the sums of their parts."""
        super().save_related(request, form, formsets, change)
        for whole in form.instance.part_of.prefetch_related("parts"):
            before = snapshot(whole)
            if keep_the_sum(whole):
                self._record(request, whole, before, snapshot(whole))

    def why_not_archive(self, queryset: QuerySet[TaxRate]) -> str:
        """A rate that is charged must stay, by itself or as a part."""
        whole = TaxRate.objects.active().filter(parts__in=queryset).exclude(pk__in=queryset).first()
        if whole:
            return f"Nothing was archived: {whole} is made of it. Take it out there first."
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
