"""Advanced Settings, and the record of what was changed."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from salon.models import BusinessSettings, SettingChange
from salon.recording import ReadOnly, Recorded


@admin.register(BusinessSettings)
class BusinessSettingsAdmin(Recorded):
    fieldsets = [
        (None, {"fields": ["name", "receipt_note"]}),
        ("Account credit", {"fields": ["client_account_balances", "refunded_credit_days"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, from the first migration on."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """A list of one is no list."""
        return redirect(reverse("admin:salon_businesssettings_change", args=[1]))


@admin.register(SettingChange)
class SettingChangeAdmin(ReadOnly):
    list_display = ["at", "staff", "subject", "setting", "before", "after"]
    list_filter = ["staff", "setting"]
    list_select_related = ["staff"]
    search_fields = ["subject", "setting"]
    list_display_links = None
