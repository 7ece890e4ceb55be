"""Locations with their tills, and who holds card money."""

from django.contrib import admin
from django.db.models import QuerySet

from salon.models import Location, MerchantAccount, Till
from salon.recording import Archiving


class TillInline(admin.TabularInline):
    model = Till
    fields = ["name"]
    extra = 0
    can_delete = False


@admin.register(Location)
class LocationAdmin(Archiving):
    list_display = ["name", "time_zone", "day_starts_at", "client_account_balances"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [TillInline]

    def why_not_archive(self, queryset: QuerySet[Location]) -> str:
        """The desk has to stand somewhere."""
        left = Location.objects.active().exclude(pk__in=queryset.values("pk"))
        return "" if left.exists() else "Nothing was archived: one location must remain."


@admin.register(MerchantAccount)
class MerchantAccountAdmin(Archiving):
    list_display = ["name", "is_house"]

    def why_not_archive(self, queryset: QuerySet[MerchantAccount]) -> str:
        """Somebody has to hold the money."""
        if queryset.filter(is_house=True).exists():
            return "Nothing was archived: the house account holds the salon’s money."
        return ""
