"""The owner's own payment buttons; sales, for reading."""

from django.contrib import admin

from checkout.models import CustomPayment, Order
from salon.recording import Archiving, ReadOnly


@admin.register(CustomPayment)
class CustomPaymentAdmin(Archiving):
    list_display = ["name", "position"]
    list_editable = ["position"]


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
