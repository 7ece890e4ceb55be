"""Plans and settings of memberships in the admin."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse

from memberships import plan_checks
from memberships.changing.bringing_up_to_date import bring_up_to_date, left_said, terms_quote
from memberships.enrolling.words import adds_said, every_said
from memberships.errors import Refused
from memberships.models import Every, MembershipSettings, Plan
from salon import clock
from salon.desk import Desk
from salon.recording import Archiving, Recorded
from salon.refusing import refusal_told

ABOUT_MONEY = (
    "What is added above the price is a bonus: a lot of its own, at the salon’s expense. Who is a "
    "member keeps the terms that they agreed to; what you change here counts for new members, and "
    "for others once they change their plan, or once you give them these terms: the button above."
)


class PlanForm(forms.ModelForm):
    """Says next to its field what contradicts itself."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if typed.get("every") == Every.WEEK and typed.get("billing_day"):
            self.add_error("billing_day", "A weekly plan has no day of the month. Leave it empty.")
        return typed


@admin.register(Plan)
class PlanAdmin(Archiving):
    form = PlanForm
    list_display = ["name", "costs", "gives", "sold_online", "position"]
    list_editable = ["position"]
    prepopulated_fields: ClassVar[dict[str, Any]] = {"slug": ["name"]}
    filter_horizontal = ["locations", "services"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "description", "position"]}),
        (
            "Money",
            {
                "fields": ["price", "every", "billing_day", "tax_rate", "adds", "joining_fee"],
                "description": ABOUT_MONEY,
            },
        ),
        ("What is added", {"fields": ["buys", "lasts_days", "stays"]}),
        ("Beginning and end", {"fields": ["trial_days", "minimum_periods"]}),
        ("Where and what", {"fields": ["locations", "services", "sold_online"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        """Besides: giving a plan's members its present terms."""
        view = self.admin_site.admin_view(self.present_terms)
        ours = path("<int:pk>/present-terms/", view, name="memberships_plan_present_terms")
        return [ours, *super().get_urls()]

    def present_terms(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What it comes to, then doing it. The days of notice are those of each location."""
        plan = get_object_or_404(Plan.objects.select_related("tax_rate"), pk=pk)
        if not self.has_change_permission(request, plan):
            raise PermissionDenied
        if request.method == "POST":
            with refusal_told(request):
                self._give(request, plan)
            return redirect(reverse("admin:memberships_plan_change", args=[pk]))
        quote = terms_quote(plan, now=clock.now())
        context = self.admin_site.each_context(request) | {
            "title": quote.title,
            "opts": self.opts,
            "plan": plan,
            "quote": quote,
        }
        return render(request, "admin/memberships/plan/present_terms.html", context)

    def _give(self, request: HttpRequest, plan: Plan) -> None:
        desk: Desk | None = request.desk  # type: ignore[attr-defined]
        if desk is None:
            raise Refused("There is no location. Nothing was changed. Add or restore one first.")
        done = bring_up_to_date(plan=plan, desk=desk, seen=request.POST.get("seen", ""))
        told = f"{plan}: {done.changed} member{'' if done.changed == 1 else 's'} from their next "
        messages.success(request, f"{told}charge on.")
        for sentence in left_said(done, MembershipSettings.current().notice_days):
            messages.warning(request, sentence)

    @admin.display(description="Costs")
    def costs(self, plan: Plan) -> str:
        return every_said(plan)

    @admin.display(description="Adds")
    def gives(self, plan: Plan) -> str:
        return adds_said(plan)


class MembershipSettingsForm(forms.ModelForm):
    def clean_retry_days(self) -> str:
        """As typed, tidied: 0, 3, 6."""
        try:
            return plan_checks.tidied_days(self.cleaned_data["retry_days"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(MembershipSettings)
class MembershipSettingsAdmin(Recorded):
    form = MembershipSettingsForm
    fieldsets = [
        ("Charging", {"fields": ["retry_days", "missed", "notice_days"]}),
        ("Clients by themselves", {"fields": ["online_enrolment", "clients_cancel", "consent"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is one row, from the first migration on."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """A list of one is no list."""
        return redirect(reverse("admin:memberships_membershipsettings_change", args=[1]))
