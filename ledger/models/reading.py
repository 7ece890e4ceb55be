"""What the ledger's rows have in common."""

from django.db import models


class ReadOnly(models.Model):
    """The web's database role may not write these; the admin shows them for reading."""

    class Meta:
        abstract = True
        default_permissions = ("view",)
