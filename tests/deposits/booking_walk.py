"""A stranger at the public booking pages: follows the forms and links that are on the page, and
sends what a browser would send, without cookies that are not there and without a token."""

import datetime as dt
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client as Browser

from tests.checkout.reading import says

CLARA = {
    "first_name": "Clara",
    "last_name": "Nuñez",
    "phone": "(212) 555-0142",
    "email": "clara@example.com",
    "note": "Two kids along",
}


@dataclass
class Form:
    """A form on the page: what it sends when nothing is touched."""

    method: str
    action: str
    target: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self._open: Form | None = None
        self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given["method"], given["action"], given.get("target", ""))
            self.forms[given.get("id", "other")] = self._open
        if self._open is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "textarea":
            self._area = name
        elif tag == "button" and name:
            self._open.buttons.append((name, value))
        elif tag == "input" and (
            given.get("type") not in ("checkbox", "radio") or "checked" in given
        ):
            self._open.fields.append((name, value or ("on" if "checked" in given else "")))

    def handle_data(self, data: str) -> None:
        if self._area and self._open:
            self._open.fields.append((self._area, data.strip("\r\n")))
            self._area = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._area = ""


class Stranger:
    """`page` is what they look at."""

    def __init__(self, address: str = "203.0.113.9") -> None:
        self.browser = Browser(enforce_csrf_checks=True, REMOTE_ADDR=address)
        self.page: HttpResponse

    @property
    def says(self) -> str:
        return says(self.page)

    @property
    def path(self) -> str:
        return self.page.request["PATH_INFO"]

    def get(self, url: str) -> HttpResponse:
        """Open an address; redirects of ours are followed."""
        self.page = self.browser.get(url, follow=True)
        return self.page

    def form(self, name: str = "walk") -> Form:
        return _Forms(self.page.text).forms[name]

    def send(self, name: str = "walk", **typed) -> HttpResponse:
        """Press the form's button, with this typed, ticked or pressed; a list is several ticks."""
        form = self.form(name)
        data: dict[str, list[str]] = {}
        for key, value in form.fields:
            data.setdefault(key, []).append(value)
        data |= {key: value if isinstance(value, list) else [value] for key, value in typed.items()}
        ask = self.browser.post if form.method == "post" else self.browser.get
        self.page = ask(form.action, data)
        return self.page

    def starts(self) -> list[str]:
        """The times on the page, as the form sends them."""
        return [value for name, value in self.form().buttons if name == "at"]

    # --- The walk -------------------------------------------------------------------------------

    def choose(self, *services, whom="any", day: dt.date | None = None, site: str = "") -> None:
        """Up to the times: these services with this person, or anyone; on a day."""
        pairs = "&".join(f"s={service.pk}" for service in services)
        who = whom if isinstance(whom, str) else whom.pk
        tail = f"&day={day}" if day else ""
        self.get(f"/book/midtown/when/?{pairs}&w={who}{tail}{f'&from={site}' if site else ''}")

    def look_over(self, at: str, **typed) -> HttpResponse:
        """From the times: this one, and who comes."""
        self.send(at=at)
        return self.send(**CLARA | typed)

    def book(self, **typed) -> HttpResponse:
        """From the last step: agreed to, and on."""
        return self.send(**{"policy": "on"} | typed)

    def to_the_card(self) -> str:
        """Where it led: the processor's page."""
        assert self.page.status_code == 303, self.says
        return self.page.url


def at(moment: dt.datetime, *staff) -> str:
    """A time with people, as the form sends it."""
    return "-".join(
        [f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}", *(str(one.pk) for one in staff)]
    )


def path_of(url: str) -> str:
    """What a browser asks this program for."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
