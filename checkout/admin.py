"""The owner's own payment buttons; tills, to archive; sales, for reading."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from checkout.forms.presets import PresetDiscountForm
from checkout.models import CustomPayment, Order, PresetDiscount
from checkout.tills.figures import expected_in
from checkout.tills.sessions import open_sessions
from salon import said
from salon.models import Till
from salon.money import money
from salon.recording import Archiving, ReadOnly


@admin.register(CustomPayment)
class CustomPaymentAdmin(Archiving):
    list_display = ["name", "position"]
    list_editable = ["position"]


@admin.register(PresetDiscount)
class PresetDiscountAdmin(Archiving):
    form = PresetDiscountForm
    list_display = ["name", "percent", "amount", "position"]
    list_editable = ["position"]
    fields = ["name", "percent", "amount", "position"]


@admin.register(Till)
class TillAdmin(Archiving):
    """For renaming and archiving; a new one is added on its location's form, and never moves."""

    list_display = ["name", "location"]
    list_select_related = ["location"]
    fields = ["location", "name"]
    readonly_fields = ["location"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def why_not_archive(self, queryset: QuerySet[Till]) -> str:
        """What is in a drawer must not be lost with it."""
        is_open = open_sessions(queryset)
        for till in queryset:
            if till.pk in is_open:
                return f"Nothing was archived: {till} is open. Count and close it first."
            if (held := expected_in(till)) > 0:
                return (
                    f"Nothing was archived: by the books, {till} holds {said.amount(money(held))}. "
                    "Pay it out to the safe first."
                )
        return ""


@admin.register(Order)
class OrderAdmin(ReadOnly):
    """For looking up; a sale is changed at the desk, and its money by refunds."""

    list_display = ["number", "status", "client", "location", "business_date", "opened_by"]
    list_filter = ["status", "location"]
    list_select_related = ["client", "location", "opened_by"]
    list_per_page = 50
    show_full_result_count = False
    fields = [
        "number",
        "status",
        "client",
        "location",
        "business_date",
        "opened_at",
        "opened_by",
        "closed_at",
        "closed_by",
        "voided_at",
        "voided_by",
        "void_reason",
    ]
