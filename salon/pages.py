"""Pages and acts that the search over everything leads to by their names.

The rail's entries and the reports are among them by themselves. Other pages are added by their apps
in AppConfig.ready(), with the words that people might type for them:

    pages.add(pages.Page("Add client", "clients:new", also="new create", permission=…))
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import admin
from django.urls import reverse

from salon import rail
from salon.desk import Desk
from salon.models import StaffMember
from salon.reporting import registry
from salon.search import Hit


@dataclass(frozen=True)
class Page:
    """One page. `also`: other words for it; `is_act`: it does something, so it is a POST."""

    name: str
    url_name: str
    also: str = ""
    permission: str = ""
    is_act: bool = False
    note: str = ""


_pages: list[Page] = []


def add(page: Page) -> None:
    """Let the search lead there."""
    _pages.append(page)


def find_pages(query: str, desk: Desk, limit: int) -> Sequence[Hit]:
    """Pages that this person may open and whose words begin as typed. Asks only for permissions."""
    typed = query.casefold().split()
    if desk.staff is None or not typed:
        return []
    found = [
        Hit(url=reverse(page.url_name), name=page.name, note=page.note, is_act=page.is_act)
        for page in [*_pages, *_of_the_rail(), *_of_the_reports(), *_of_the_admin(desk.staff)]
        if _fits(page, typed) and _may(desk.staff, page.permission)
    ]
    return found[:limit]


def _fits(page: Page, typed: list[str]) -> bool:
    words = f"{page.name} {page.also}".casefold().split()
    return all(any(word.startswith(part) for word in words) for part in typed)


def _may(staff: StaffMember, permission: str) -> bool:
    return not permission or staff.has_perm(permission)


def _of_the_rail() -> list[Page]:
    return [Page(e.label, e.url_name, permission=e.permission) for e in rail.entries()]


def _of_the_reports() -> list[Page]:
    return [
        Page(each.label, each.url_name, also="report", permission=each.permission, note="Report")
        for each in registry.reports()
    ]


def opens_settings(staff: StaffMember) -> bool:
    """Whether anything there is theirs to see: else nothing leads to an empty page."""
    return staff.is_staff and any(
        staff.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
        for model in admin.site._registry
    )


def _of_the_admin(staff: StaffMember) -> Iterator[Page]:
    """Settings and catalog, and each of its lists."""
    if not opens_settings(staff):
        return
    yield Page("Settings and catalog", "admin:index", also="admin")
    for model in admin.site._registry:
        label, name = model._meta.app_label, model._meta.model_name
        if label in LISTED:
            yield Page(
                str(model._meta.verbose_name_plural).capitalize(),
                f"admin:{label}_{name}_changelist",
                also="settings",
                permission=f"{label}.view_{name}",
                note="Settings and catalog",
            )


LISTED = ("salon", "checkout", "deposits", "memberships")
"""Whose lists an owner sets things in; the rest of the admin only shows."""
