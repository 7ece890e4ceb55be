"""The people who come to the salon."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Concat
from djmoney.models.fields import MoneyField
from phonenumber_field.modelfields import PhoneNumberField

from salon.models import Location, StaffMember
from salon.models.archiving import Archivable, ArchivableQuerySet


class SearchText(models.Func):
    """Lower-case, without accents; immutable, so that Postgres can store and index it."""

    function = "salon_search_text"
    output_field = models.TextField()


class ClientQuerySet(ArchivableQuerySet):
    """Set questions about clients; the search itself is in `searching`."""

    def archived(self) -> Self:
        """Put away by hand. Merged clients are not among them: they live on in another."""
        return self.filter(archived_at__isnull=False, merged_into__isnull=True)

    def findable(self) -> Self:
        """Active clients, and the merged ones by whose old particulars the other one is found."""
        return self.filter(models.Q(archived_at__isnull=True) | models.Q(merged_into__isnull=False))


class Client(Archivable):
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80, blank=True)
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    note = models.TextField(blank=True, help_text="Seen by staff only.")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, related_name="clients"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_from",
        help_text="Archived because this is the same person.",
    )
    blocked_at = models.DateTimeField(
        null=True, editable=False, help_text="Set: no online booking, and no owing."
    )
    blocked_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    blocked_reason = models.CharField(max_length=240, blank=True, editable=False)
    iou_limit = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        default=None,
        help_text="The most that this client may owe. Empty: what the business allows.",
    )
    search = models.GeneratedField(
        expression=SearchText(
            Concat(
                "first_name",
                models.Value(" "),
                "last_name",
                models.Value(" "),
                "email",
                models.Value(" "),
                "phone",
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )

    found_as: "Client | None" = None
    """The merged client by whose particulars a search found this one; not stored."""

    objects: ClassVar = ClientQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="clients_search_trigrams"),
            models.Index(fields=["phone"], name="clients_phone"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.name

    @property
    def is_blocked(self) -> bool:
        return self.blocked_at is not None

    @property
    def survivor_id(self) -> int:
        """Whose account, visits and sales are this client's: its own id, unless it was merged.

        `merged_into` always names the client who stands: a later merge moves it on. No query.
        """
        return self.merged_into_id or self.pk

    @property
    def survivor(self) -> "Client":
        """This client, or the one it was merged into. One query where it was merged."""
        return self.merged_into or self

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
