"""Keeping a record of every changed setting."""

from collections.abc import Mapping
from typing import Any

from salon.models import SettingChange, StaffMember


def record_changes(
    *, subject: str, before: Mapping[str, Any], after: Mapping[str, Any], staff: StaffMember | None
) -> list[SettingChange]:
    """Write one append-only row for each setting that differs. Call in the changing transaction."""
    return SettingChange.objects.bulk_create(
        SettingChange(
            staff=staff,
            subject=subject,
            setting=name,
            before=str(before.get(name, "")),
            after=str(value),
        )
        for name, value in after.items()
        if before.get(name) != value
    )
