"""Keeping a record of every changed setting."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from salon.models import SettingChange, StaffMember, Till

UNTOLD = {"password", "pin", "last_login", "date_joined", "archived_at"}
"""A password, or a PIN, is nobody's to read; the others change without anybody setting them."""


def snapshot(thing: models.Model) -> dict[str, str]:
    """Every setting of a row as people read it, by its name."""
    found = {}
    for field in thing._meta.concrete_fields:
        if field.primary_key or field.name in UNTOLD or field.name.endswith("_currency"):
            continue
        value = getattr(thing, field.name)
        found[str(field.verbose_name)] = "" if value is None else str(value)
    for many in thing._meta.many_to_many:
        rows = getattr(thing, many.name).all()
        found[str(many.verbose_name)] = ", ".join(sorted(str(row) for row in rows))
    return found


def subject(thing: models.Model) -> str:
    """Location: Midtown"""
    return f"{str(thing._meta.verbose_name).capitalize()}: {thing}"[:120]


def record_changes(
    *,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    staff: StaffMember | None,
    till: Till | None = None,
) -> list[SettingChange]:
    """Write one append-only row for each setting that differs. Call in the changing transaction.

    `till`: where somebody stood who did it at the desk.
    """
    return SettingChange.objects.bulk_create(
        SettingChange(
            staff=staff,
            till=till,
            subject=subject,
            setting=name,
            before=str(before.get(name, "")),
            after=str(value),
        )
        for name, value in after.items()
        if before.get(name) != value
    )
