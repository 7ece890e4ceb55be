"""Reading an answer as a person does: without tags."""

import re
from html import unescape

from django.http import HttpResponse


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def says(response: HttpResponse) -> str:
    return plain(response.text)


def told(response: HttpResponse) -> str:
    """What the next page says, after a redirect; its toast is on it."""
    return says(response.client.get(response.url))
