"""Tags for the pages of a client, whichever app they are of."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clients.figures import Figure, figures_of
from clients.models import Client

register = template.Library()


@register.filter
def initials(client: Client) -> str:
    """CN, for components/avatar.html."""
    return f"{client.first_name[:1]}{client.last_name[:1]}".upper()


@register.filter
def wraps_at_sign(address: str) -> SafeString:
    """An e-mail address that a narrow column breaks before its domain, not inside a word."""
    name, at, domain = address.rpartition("@")
    return format_html("{}<wbr>{}{}", name, at, domain) if at else format_html("{}", address)


@register.simple_tag(takes_context=True)
def client_figures(context: template.Context, client: Client) -> list[Figure]:
    """{% client_figures client as figures %}: what upper floors say beside the client's name."""
    return figures_of([client], context["request"].desk).get(client.pk, [])
