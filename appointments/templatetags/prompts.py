"""What upper floors ask on a sheet about a visit."""

from django import template
from django.template.context import Context
from django.template.loader import get_template

from appointments.changes import Prompt

register = template.Library()


@register.simple_tag(takes_context=True)
def prompt_part(context: Context, prompt: Prompt) -> str:
    """{% prompt_part prompt %}: an app's partial, with its own context over that of the sheet."""
    partial = get_template(prompt.template).template  # type: ignore[attr-defined]
    with context.push(**prompt.context):
        rendered: str = partial.render(context)
    return rendered
