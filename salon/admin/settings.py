"""Advanced Settings, and the record of what was changed."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from salon import contradictions, tip_shortcuts
from salon.models import BusinessSettings, Location, SettingChange
from salon.recording import ReadOnly, Recorded

ABOUT_DEPOSITS = (
    "Two ways of working. Either a deposit stands with its visit: earmark it, and let the visit’s "
    "sale apply it by itself. Or a deposit is account credit like any other: switch both off, and "
    "the desk presses Credits on whichever sale it is to pay."
)
ABOUT_OWING = (
    "Either nobody spends more than they have: leave this off. Or a client’s balance may fall "
    "below zero, and what comes in next settles it first."
)


class BusinessSettingsForm(forms.ModelForm):
    """Refuses what contradicts itself, in the business or at a location that half follows it."""

    def clean_tip_percents(self) -> str:
        try:
            return tip_shortcuts.written(tip_shortcuts.parse(self.cleaned_data["tip_percents"]))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def _post_clean(self) -> None:
        """Once the instance holds what was typed."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        # Locked: a location's page saved at the same moment is compared after this one, not beside.
        BusinessSettings.objects.select_for_update().get(pk=self.instance.pk)
        for found in contradictions.in_business(self.instance):
            self.add_error(found.switch, found.reason)
        if not self.errors:
            for _, found in contradictions.elsewhere(self.instance, Location.objects.active()):
                self.add_error(found.switch, found.reason)


@admin.register(BusinessSettings)
class BusinessSettingsAdmin(Recorded):
    form = BusinessSettingsForm
    fieldsets = [
        (None, {"fields": ["name", "receipt_note"]}),
        ("Account credit", {"fields": ["client_account_balances", "refunded_credit_days"]}),
        (
            "Owing",
            {
                "fields": ["negative_balances", "negative_balance_limit"],
                "description": ABOUT_OWING,
            },
        ),
        ("Tips", {"fields": ["tip_percents", "tips_from_balance", "tips_paid"]}),
        (
            "Deposits",
            {
                "fields": [
                    "earmark_deposits",
                    "apply_earmarked_deposits",
                    "deposits_by_card_only",
                ],
                "description": ABOUT_DEPOSITS,
            },
        ),
        ("Providers", {"fields": ["lost_disputes_to_providers"]}),
        ("The desk", {"fields": ["cash_needs_open_till", "pin_minutes"]}),
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
