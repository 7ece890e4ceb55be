"""Who works here, and what each role may do.

Nobody hands out more than they have: a role's boxes, and the roles to give a person, are those that
the person at the keyboard could do themselves. Superusers may do everything.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from salon import pins
from salon.models import Role, StaffMember
from salon.permissions import CHOICES
from salon.recording import Recorded

KEPT = [
    "location",
    "till",
    "merchantaccount",
    "servicecategory",
    "service",
    "product",
    "taxrate",
    "custompayment",
    "presetdiscount",
    "staffmember",
    "role",
    "businesssettings",
    "bookingsettings",
    "bookingsite",
    "depositrule",
    "accountcode",
]
"""What the admin lets one change, and a role may be given."""
READ = ["settingchange", "client", "account", "entry", "lot"]
"""What the admin only shows."""


def grantable() -> QuerySet[Permission]:
    """The desk's permissions, then the admin's that make sense: nothing that deletes."""
    desk = [codename for codename, _ in CHOICES]
    kept = [f"{verb}_{model}" for model in KEPT for verb in ("add", "change", "view")]
    read = [f"view_{model}" for model in READ]
    return Permission.objects.filter(
        codename__in=[*desk, *kept, *read],
        content_type__app_label__in=["salon", "clients", "ledger", "checkout", "deposits"],
    ).select_related("content_type")


def codename(permission: Permission) -> str:
    """salon.modify_sales"""
    return f"{permission.content_type.app_label}.{permission.codename}"


class PermissionBoxes(forms.ModelMultipleChoiceField):
    """Permissions in people's words; those of the admin say so."""

    def label_from_instance(self, obj: Any) -> str:
        desk = {name for name, _ in CHOICES}
        return obj.name if obj.codename in desk else f"Settings: {obj.name.lower()}"


class RoleForm(forms.ModelForm):
    permissions = PermissionBoxes(
        queryset=Permission.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Role
        fields = ["name", "permissions", "adjustment_limit", "discount_limit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        boxes = self.fields["permissions"]
        desk_first = sorted(
            grantable(), key=lambda p: (p.codename not in dict(CHOICES), p.content_type_id, p.pk)
        )
        boxes.queryset = grantable()  # type: ignore[attr-defined]
        boxes.choices = [(p.pk, boxes.label_from_instance(p)) for p in desk_first]  # type: ignore[attr-defined]

    def clean_permissions(self) -> list[Permission]:
        """What is ticked; boxes that this person may not tick stay as they were."""
        ticked = set(self.cleaned_data["permissions"])
        before = set(self.instance.permissions.all()) if self.instance.pk else set()
        moved = ticked ^ before
        beyond = [p.name for p in moved if not self.editor.has_perm(codename(p))]
        if beyond:
            raise forms.ValidationError(
                f"You can’t give or take what you may not do yourself: {', '.join(sorted(beyond))}."
            )
        # What the boxes do not show, an older installation's, stays too.
        hidden = before - set(grantable())
        return [*ticked, *hidden]

    editor: StaffMember


@admin.register(Role)
class RoleAdmin(Recorded):
    form = RoleForm
    list_display = ["name", "adjustment_limit", "discount_limit"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (form,), {"editor": request.user})


@admin.register(StaffMember)
class StaffMemberAdmin(Recorded, UserAdmin):
    list_display = ["name", "username", "role", "location", "is_provider", "is_active", "has_pin"]
    actions = ["clear_pin"]
    list_filter = ["role", "location", "is_provider", "is_active"]
    list_select_related = ["role", "location"]
    search_fields = ["name", "username", "first_name", "last_name", "email"]
    ordering = ["name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["name", "first_name", "last_name", "email"]}),
        (
            "At the salon",
            {"fields": ["location", "is_provider", "books_online", "merchant_account"]},
        ),
        ("Log in", {"fields": ["username", "password", "role", "is_active"]}),
        ("Settings and catalog", {"fields": ["is_staff", "is_superuser"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "username", "usable_password", "password1", "password2"]}),
        ("At the salon", {"fields": ["role", "location", "is_provider"]}),
    ]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Not by the hash of a PIN either: read out letter by letter, it is guessed elsewhere."""
        if lookup.startswith("pin"):
            return False
        return super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]

    @admin.display(boolean=True, description="PIN")
    def has_pin(self, person: StaffMember) -> bool:
        return bool(person.pin)

    @admin.action(description="Clear the PIN", permissions=["change"])
    def clear_pin(self, request: HttpRequest, queryset: QuerySet[StaffMember]) -> None:
        """Whoever forgot it logs in with the password and chooses another."""
        for person in queryset:
            if not self.has_change_permission(request, person):
                messages.error(request, f"{person} may do more than you: the PIN was not cleared.")
            elif isinstance(request.user, StaffMember):
                desk = getattr(request, "desk", None)
                pins.clear_pin(staff=person, by=request.user, till=desk.till if desk else None)
                messages.success(request, f"{person} has no PIN any more.")

    @transaction.atomic
    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """That a password was set, or taken away, is recorded; what it is, nowhere."""
        before = self.get_object(request, unquote(id))
        answer = super().user_change_password(request, id, form_url)
        after = self.get_object(request, unquote(id))
        if before and after and before.password != after.password:
            what = "changed" if after.has_usable_password() else "none"
            was = "set" if before.has_usable_password() else "none"
            self._record(request, after, {"password": was}, {"password": what})
        return answer

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only superusers make superusers."""
        return [] if request.user.is_superuser else ["is_superuser"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes who may do more than they, a password least of all."""
        may = super().has_change_permission(request, obj)
        if not may or obj is None or request.user.is_superuser:
            return may
        return not obj.is_superuser and (obj.role is None or _is_within_reach(request, obj.role))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Roles that this person could fill; a person keeps the role they have."""
        if db_field.name == "role":
            kwargs["queryset"] = Role.objects.filter(pk__in=_within_reach(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def _within_reach(request: HttpRequest) -> list[int]:
    roles = Role.objects.prefetch_related("permissions__content_type")
    return [role.pk for role in roles if _is_within_reach(request, role)]


def _is_within_reach(request: HttpRequest, role: Group) -> bool:
    return all(request.user.has_perm(codename(p)) for p in role.permissions.all())
