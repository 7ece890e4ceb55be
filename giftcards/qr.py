"""A card's code as a QR, which any scanner types into the code field."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(code: str) -> SafeString:
    """For a page: an SVG without a style or a size of its own; black on white, for scanners."""
    drawn = segno.make(code, error="m", micro=False).svg_inline(
        border=2, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # nosec B308 B703 - drawn here, out of a normalized code


def png(code: str) -> bytes:
    """For an e-mail: programs that read mail draw no SVG."""
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="png", border=2, scale=8)
    return out.getvalue()
