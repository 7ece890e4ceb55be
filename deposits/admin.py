"""Booking and deposits in the admin: the settings, the sites, the rules."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet, URLField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from deposits.models import BookingSettings, BookingSite, DepositRule
from deposits.rules import contradictions
from deposits.rules import words as policy_words
from deposits.rules.sites import origin_of
from deposits.rules.terms_checks import check_terms
from salon.changing_settings import snapshot
from salon.errors import Refused
from salon.models import BusinessSettings
from salon.recording import Archiving, Recorded

ABOUT_FATES = (
    "Preselected where somebody decides what becomes of a deposit, and what happens when a client "
    "cancels online. Canceling never refunds by itself at the desk."
)
ABOUT_FEES = (
    "The deposit pays the fee first, the card on file the rest: of what was booked online, the "
    "card that was kept with it alone. Without one, the rest is to be collected under Deposits > "
    "Fees. Never more than the visit costs."
)


class BookingSettingsForm(forms.ModelForm):
    """Refuses what contradicts itself."""

    def _post_clean(self) -> None:
        """Once the instance holds what was typed."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        # Locked: the business's switches stay as they are compared.
        BusinessSettings.objects.select_for_update().get(pk=1)
        for field, reason in contradictions.in_settings(self.instance):
            self.add_error(field, reason)


@admin.register(BookingSettings)
class BookingSettingsAdmin(Recorded):
    form = BookingSettingsForm
    formfield_overrides: ClassVar[dict[Any, Any]] = {URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (
            "Online booking",
            {
                "fields": [
                    "online_booking",
                    "start_every",
                    "earliest_minutes",
                    "latest_days",
                    "hold_minutes",
                ]
            },
        ),
        (
            "Paying a deposit",
            {"fields": ["deposit_from_balance", "members_pay_deposits", "deposits_go_to"]},
        ),
        (
            "Canceling late and not coming",
            {
                "fields": [
                    "deadline_hours",
                    "late_fee_kind",
                    "late_fee_percent",
                    "late_fee_amount",
                    "no_show_fee_kind",
                    "no_show_fee_percent",
                    "no_show_fee_amount",
                    "card_for_fees",
                    "terms",
                    "terms_url",
                ],
                "description": ABOUT_FEES,
            },
        ),
        (
            "What becomes of a deposit",
            {
                "fields": ["on_time_fate", "late_fate", "most_moves", "carry_days"],
                "description": ABOUT_FATES,
            },
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, from the first migration on."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """A list of one is no list."""
        return redirect(reverse("admin:deposits_bookingsettings_change", args=[1]))


class BookingSiteForm(forms.ModelForm):
    class Meta:
        model = BookingSite
        fields = ["origin"]

    def clean_origin(self) -> str:
        try:
            return origin_of(self.cleaned_data["origin"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(BookingSite)
class BookingSiteAdmin(Recorded):
    """The one list here from which something is taken off: nothing points at a site."""

    form = BookingSiteForm

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: BookingSite) -> None:
        self._record(request, obj, snapshot(obj), {"origin": ""})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[BookingSite]) -> None:
        for site in queryset:
            self._record(request, site, snapshot(site), {"origin": ""})
        super().delete_queryset(request, queryset)


class DepositRuleForm(forms.ModelForm):
    """Says what is missing next to its field."""

    class Meta:
        model = DepositRule
        fields = ["who", "location", "kind", "percent", "amount", "minimum_value", "no_shows"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        try:
            check_terms(typed.get("kind", ""), typed.get("percent"), typed.get("amount"))
        except Refused as refused:
            if not self.errors:
                self.add_error(refused.field, refused.message)
        return typed


@admin.register(DepositRule)
class DepositRuleAdmin(Archiving):
    form = DepositRuleForm
    list_display = ["for_whom", "how_much"]
    list_select_related = ["location"]

    @admin.display(description="For")
    def for_whom(self, rule: DepositRule) -> str:
        return policy_words.whom(rule)

    @admin.display(description="Deposit")
    def how_much(self, rule: DepositRule) -> str:
        return policy_words.how(rule)
