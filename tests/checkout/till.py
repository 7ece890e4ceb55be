"""A till in the tests: the order page's forms, sent as the browser sends them."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse

from checkout.models import LineItem, Order, Tender
from salon.models import StaffMember

HTMX = {"HX-Request": "true"}


class Till:
    """One browser at one order. `htmx=False` sends forms as a browser without script does."""

    def __init__(self, order: Order, staff: StaffMember, *, htmx: bool = True) -> None:
        self.order = order
        self.browser = Browser()
        self.browser.force_login(staff)
        self.headers = HTMX if htmx else {}

    def url(self, name: str = "order", **kwargs: Any) -> str:
        return reverse(f"checkout:{name}", kwargs={"order": self.order.uuid, **kwargs})

    def get(self, name: str = "order", query: dict | None = None, **kwargs: Any) -> HttpResponse:
        return self.browser.get(self.url(name, **kwargs), query or {}, headers=self.headers)

    def page(self) -> str:
        """The whole page, as it stands."""
        return self.browser.get(self.url()).content.decode()

    def act(self, **data: Any) -> dict[str, Any]:
        """A form's data, with the revision of now and a name of its own."""
        self.order.refresh_from_db()
        return {"revision": self.order.revision, "uuid": uuid.uuid4(), **data}

    def send(self, name: str, data: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Send exactly this."""
        return self.browser.post(self.url(name, **kwargs), data, headers=self.headers)

    def add(self, kind: str, **data: Any) -> HttpResponse:
        return self.send("add_line", self.act(**data), kind=kind)

    def pay(self, kind: str, **data: Any) -> HttpResponse:
        return self.send("pay", self.act(**data), kind=kind)

    def change(self, line: LineItem, **data: Any) -> HttpResponse:
        return self.send("line", self.act(**data), line=line.uuid)

    def remove(self, line: LineItem) -> HttpResponse:
        return self.send("remove_line", self.act(), line=line.uuid)

    def take_back(self, tender: Tender, **data: Any) -> HttpResponse:
        return self.send("take_back", self.act(**data), tender=tender.uuid)

    def close(self) -> HttpResponse:
        return self.send("close", self.act())

    def lines(self) -> list[tuple[str, str]]:
        return [(line.description, str(line.total)) for line in self.order.lines.all()]

    def payments(self) -> list[tuple[str, str]]:
        return [(tender.kind, str(tender.standing)) for tender in self.order.tenders.all()]


def says(response: HttpResponse) -> str:
    """The answer as one reads it: without tags' line breaks."""
    return " ".join(response.content.decode().split())
