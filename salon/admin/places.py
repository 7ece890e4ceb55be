"""Locations with their tills, and who holds card money."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet

from salon import contradictions
from salon.models import BusinessSettings, Location, MerchantAccount, Till
from salon.recording import Archiving

SWITCHES = {
    "client_account_balances": "Off hides account credit here and refuses new acts; every balance "
    "is kept, and reversals and refunds stay possible.",
    "negative_balances": "Clients may owe here, up to the business’s limit or their own.",
    "tips_from_balance": "On sales of this location.",
    "apply_earmarked_deposits": "On sales of this location’s visits.",
    "deposits_by_card_only": "Off: the desk here takes deposits in cash and by check too.",
}
"""What a location may decide for itself."""


class FollowSelect(forms.NullBooleanSelect):
    """Follows the business, and how that stands now; or on or off here, whatever it does."""

    def __init__(self, business_says: bool) -> None:
        super().__init__()
        self.choices = [
            ("unknown", f"Follows the business ({_word(business_says)})"),
            ("true", "On"),
            ("false", "Off"),
        ]


class LocationForm(forms.ModelForm):
    """Refuses what contradicts itself at this location. One query for the business's settings."""

    class Meta:
        model = Location
        exclude: list[str] = []
        help_texts = SWITCHES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A person who may only look gets no fields.
        asked = [name for name in SWITCHES if name in self.fields]
        business = BusinessSettings.current() if asked else None
        for name in asked:
            self.fields[name].widget = FollowSelect(getattr(business, name))

    def _post_clean(self) -> None:
        """Once the instance holds what was typed."""
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        # Locked: the business's page saved at the same moment waits, and sees what stands here.
        business = BusinessSettings.objects.select_for_update().get(pk=1)
        for found in contradictions.at_location(self.instance, business):
            self.add_error(found.switch, found.reason)


class TillInline(admin.TabularInline):
    model = Till
    fields = ["name"]
    extra = 0
    can_delete = False


@admin.register(Location)
class LocationAdmin(Archiving):
    form = LocationForm
    list_display = ["name", "time_zone", "day_starts_at", "differs"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [TillInline]
    fieldsets = [
        (None, {"fields": ["name", "slug", "address", "phone", "time_zone", "day_starts_at"]}),
        (
            "Different from the business",
            {
                "fields": [*SWITCHES],
                "description": "What is left to follow the business changes with Advanced "
                "Settings; On and Off stay as they are here.",
            },
        ),
    ]

    @admin.display(description="different from the business")
    def differs(self, location: Location) -> str:
        """Tips may be paid from the balance: on"""
        own = {name: getattr(location, name) for name in SWITCHES}
        told = [
            f"{_label(name)}: {_word(value)}" for name, value in own.items() if value is not None
        ]
        return "; ".join(told) or "No"

    def hold(self, queryset: QuerySet[Any]) -> None:
        """The business's row first, as a location's form does: no switch changes meanwhile.

        And nobody else archives: one location remains.
        """
        BusinessSettings.objects.select_for_update().get(pk=1)
        super().hold(queryset)

    def why_not_archive(self, queryset: QuerySet[Location]) -> str:
        """The desk has to stand somewhere."""
        left = Location.objects.active().exclude(pk__in=queryset.values("pk"))
        return "" if left.exists() else "Nothing was archived: one location must remain."

    def why_not_restore(self, queryset: QuerySet[Location]) -> str:
        """The business may have moved on meanwhile."""
        business = BusinessSettings.current()
        for location in queryset:
            for found in contradictions.at_location(location, business):
                return f"{location} was not restored. {found.reason}"
        return ""


@admin.register(MerchantAccount)
class MerchantAccountAdmin(Archiving):
    list_display = ["name", "is_house"]

    def why_not_archive(self, queryset: QuerySet[MerchantAccount]) -> str:
        """Somebody has to hold the money."""
        if queryset.filter(is_house=True).exists():
            return "Nothing was archived: the house account holds the salon’s money."
        return ""


def _word(switch: bool) -> str:
    return "on" if switch else "off"


def _label(field: str) -> str:
    meta: Any = Location._meta
    return str(meta.get_field(field).verbose_name)
