"""For ledger: https://ledger-cli.org. Its `--pedantic` finds nothing to say."""

from collections.abc import Iterable, Sequence

from ledger.exporting.amounts import digits_of, written
from ledger.exporting.formats import Event, Leg, said_of
from ledger.exporting.rows import Span
from ledger.exporting.texts import as_comment, as_value, as_words, in_name, one_line, pieces

IN_A_LINE = 900
"""Characters. ledger stops at a line of 4,096 bytes, and a character may have four."""
TAGS = ("Key", "Location", "Staff", "Reason", "Cause", "Reverses", "Note", "Lot")


class Ledger:
    label = "ledger"
    about = "Plain text for ledger, on the command line."
    suffix = "ledger"
    content_type = "text/plain; charset=utf-8"

    def legal(self, text: str) -> str:
        return in_name(text)

    def head(self, span: Span, currencies: Sequence[str]) -> str:
        text = f"; The books, {said_of(span)}.\n"
        for code in currencies:
            digits = digits_of(code)
            shown = f"1000.{'0' * digits}" if digits else "1000"
            text += f"commodity {code}\n    format {shown} {code}\n"
        return text + "".join(f"tag {tag}\n" for tag in TAGS) + "\n"

    def declared(self, name: str, called: str) -> str:
        note = f"    note {as_comment(called)}\n" if called else ""
        return f"account {name}\n{note}"

    def entry(self, event: Event, legs: Iterable[Leg]) -> str:
        code = "" if event.id is None else f"({event.id}) "
        text = f"\n{event.on} * {code}{as_words(event.what)}\n"
        for tag, one in event.tags:
            text += f"    ; {tag.capitalize()}: {as_value(one)}\n"
        if event.reverses is not None:
            text += f"    ; Reverses: {event.reverses}\n"
        if event.note:
            first, *rest = pieces(one_line(event.note), IN_A_LINE) or [""]
            text += f"    ; Note: {as_value(first)}\n"
            text += "".join(f"    ; … {as_comment(part)}\n" for part in rest)
        return text + "".join(
            f"    {to.text}  {written(amount, to.digits)} {to.currency}\n"
            if lot is None
            else f"    {to.text}  {written(amount, to.digits)} {to.currency}  ; Lot: {lot}\n"
            for to, amount, lot in legs
        )

    def foot(self, entries: int, postings: int) -> str:
        return f"\n; The end: {entries} entries, {postings} postings.\n"
