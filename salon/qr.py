"""A code or an address as a QR: for scanners at the desk, and for clients' phones."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(text: str) -> SafeString:
    """For a page: an SVG without a style or a size of its own; black on white, for scanners."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=2, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # nosec B308 B703 - modules of a code, nothing of the text itself


def png(text: str) -> bytes:
    """For an e-mail: programs that read mail draw no SVG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", border=2, scale=8)
    return out.getvalue()
