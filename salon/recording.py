"""The admin's manners here: nothing is deleted, and every change of a setting leaves a record."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest
from django.utils.text import capfirst
from djmoney.models.fields import MoneyField

from salon import clock
from salon.changing_settings import record_changes, snapshot, subject
from salon.forms import MoneyInput
from salon.models import StaffMember


class Recorded(admin.ModelAdmin):
    """Writes a SettingChange for each setting that an admin form changed, in its transaction."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Look at the row as it was; save_related compares once many-to-many rows are saved too."""
        before = snapshot(type(obj).objects.get(pk=obj.pk)) if change else {}
        request._before = before  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        thing = type(form.instance).objects.get(pk=form.instance.pk)
        before = request._before  # type: ignore[attr-defined]
        after = snapshot(thing)
        if not change:
            before, after = {}, {"added": str(thing)}
        self._record(request, thing, before, after)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows edited inside another's form, a location's tills, are recorded by themselves."""
        # From the database: the formset's own rows already hold what was typed.
        stored = formset.model._base_manager.filter(pk__in=[row.pk for row in formset.queryset])
        known = {row.pk: snapshot(row) for row in stored}
        super().save_formset(request, form, formset, change)
        for thing in formset.new_objects:
            self._record(request, thing, {}, {"added": str(thing)})
        for thing, _ in formset.changed_objects:
            fresh = type(thing).objects.get(pk=thing.pk)
            self._record(request, fresh, known.get(thing.pk, {}), snapshot(fresh))

    def _record(
        self,
        request: HttpRequest,
        thing: models.Model,
        before: dict[str, str],
        after: dict[str, str],
    ) -> None:
        staff = request.user if isinstance(request.user, StaffMember) else None
        desk = getattr(request, "desk", None)
        record_changes(
            subject=subject(thing),
            before=before,
            after=after,
            staff=staff,
            till=desk.till if desk else None,
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Prices are typed as at the desk, in the business's one currency."""
        if isinstance(db_field, MoneyField):
            return MoneyInput(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                required=not db_field.blank,
                allow_zero=True,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Money points at all of this: it is archived."""
        return False


class ArchivedFilter(admin.SimpleListFilter):
    """What is offered, unless somebody asks for the archive."""

    title = "archive"
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Archived"), ("all", "All")]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield {**first, "display": "Offered"}
        yield from rest

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(archived_at__isnull=self.value() != "yes")


class Archiving(Recorded):
    """Archive and Restore in the place of Delete."""

    actions = ["archive", "restore"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [ArchivedFilter, *super().get_list_filter(request)]

    def hold(self, queryset: models.QuerySet[Any]) -> None:
        """Lock these until the transaction ends, so that what is checked of them stays so.

        By id, so that two who archive the same rows wait for each other.
        """
        rows = queryset.model._base_manager.filter(pk__in=queryset.order_by().values("pk"))
        list(rows.select_for_update(no_key=True).order_by("pk"))

    @admin.action(description="Archive: no longer offer", permissions=["change"])
    @transaction.atomic
    def archive(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Past sales keep showing it."""
        self.hold(queryset)
        refusal = self.why_not_archive(queryset)
        if refusal:
            messages.error(request, refusal)
            return
        self._set(request, queryset.filter(archived_at__isnull=True), "no", "yes", clock.now)

    @admin.action(description="Restore: offer again", permissions=["change"])
    @transaction.atomic
    def restore(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        """Back from the archive."""
        self.hold(queryset)
        refusal = self.why_not_restore(queryset)
        if refusal:
            messages.error(request, refusal)
            return
        self._set(request, queryset.filter(archived_at__isnull=False), "yes", "no", lambda: None)

    def why_not_archive(self, queryset: models.QuerySet[Any]) -> str:
        """A reason why these must stay, if there is one."""
        return ""

    def why_not_restore(self, queryset: models.QuerySet[Any]) -> str:
        """A reason why these must stay in the archive, if there is one."""
        return ""

    def _set(
        self,
        request: HttpRequest,
        queryset: models.QuerySet[Any],
        before: str,
        after: str,
        at: Callable[[], Any],
    ) -> None:
        for thing in queryset:
            thing.archived_at = at()
            thing.save(update_fields=["archived_at"])
            self._record(request, thing, {"archived": before}, {"archived": after})


class ReadOnly(admin.ModelAdmin):
    """Rows that the admin shows and nobody changes there, the owner neither."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
