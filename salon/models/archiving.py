"""Rows that money points at are archived, never deleted."""

from typing import ClassVar, Self

from django.db import models


class ArchivableQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(archived_at__isnull=True)


class Archivable(models.Model):
    """Adds `archived_at`: set means "no longer offered", never "gone"."""

    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = ArchivableQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None
