"""E-mails of the salon's, as text and as HTML."""

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from salon.models import BusinessSettings, Location


def letter(
    name: str,
    context: dict[str, Any],
    *,
    to: str,
    title: str = "",
    subject: str = "",
    at: Location | None = None,
) -> EmailMultiAlternatives:
    """Written from templates/email/<name>.txt and .html, in the time of a location; not sent yet.

    It comes from the business. The templates have `title` and `business`, which together are the
    subject unless another is given. One query.
    """
    business = BusinessSettings.current().name
    context = {"title": title, "business": business, **context}
    with timezone.override(at.zone if at else timezone.get_current_timezone()):
        text = render_to_string(f"email/{name}.txt", context)
        html = render_to_string(f"email/{name}.html", context)
    message = EmailMultiAlternatives(
        # One line: a name with a line end in it would stop the e-mail.
        subject=" ".join((subject or f"{title} · {business}").split()),
        body=text,
        from_email=formataddr((business, settings.DEFAULT_FROM_EMAIL)),
        to=[to],
    )
    message.attach_alternative(html, "text/html")
    return message
