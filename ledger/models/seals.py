"""Days that are closed for good."""

from django.db import models

from ledger.models.reading import ReadOnly
from salon.models import Location, StaffMember


class Seal(ReadOnly):
    """A location's day is closed for good: it takes no more entries. Only `ledger_seal_day` writes.

    Each names the one before it of the same location, whose digest is part of its own: nothing of
    a sealed day can be changed without all later digests changing, which stand on printed sheets.
    """

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    business_date = models.DateField()
    previous = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="next"
    )
    entries = models.IntegerField()
    postings = models.IntegerField()
    debit = models.BigIntegerField(help_text="The sum of the day's debits, in minor units.")
    digest = models.BinaryField(help_text="SHA-256 over the day and the digest before it.")
    checksum = models.BigIntegerField(
        help_text="Quick to compare: the hashes of the day's rows, one over the other."
    )
    sealed_at = models.DateTimeField()
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=240, blank=True)

    class Meta(ReadOnly.Meta):
        ordering = ["-business_date", "location"]
        constraints = [
            models.UniqueConstraint(
                fields=["location", "business_date"], name="ledger_one_seal_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.location} {self.business_date}"
