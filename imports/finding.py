"""Imports by their address, and in the list."""

import uuid as uuids

from django.shortcuts import get_object_or_404

from imports.models import Import

PAGE = 25
_WITH = ("location", "uploaded_by", "confirmed_by", "taken_back_by")


def import_or_404(uuid: uuids.UUID) -> Import:
    """With who did what on it. One query."""
    return get_object_or_404(Import.objects.select_related(*_WITH), uuid=uuid)


def page_of_imports(before: int | None) -> tuple[list[Import], int | None]:
    """The latest ones, older than the one with this id, and the id to go on from. One query."""
    found = Import.objects.latest_first().select_related(*_WITH)
    if before is not None:
        found = found.filter(pk__lt=before)
    page = list(found[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else None
