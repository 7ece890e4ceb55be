"""For beancount: https://beancount.github.io. `bean-check` finds nothing to say."""

from collections.abc import Iterable, Sequence

from ledger.exporting.amounts import written
from ledger.exporting.formats import Event, Leg, said_of
from ledger.exporting.rows import Span
from ledger.exporting.texts import in_beancount_name, quoted

OPENED = "1970-01-01"
"""Before any business date. An account has to be open when it is posted to."""


class Beancount:
    label = "beancount"
    about = "Plain text for beancount, and for Fava, which shows it in the browser."
    suffix = "beancount"
    content_type = "text/plain; charset=utf-8"

    def legal(self, text: str) -> str:
        return in_beancount_name(text)

    def head(self, span: Span, currencies: Sequence[str]) -> str:
        lines = [f"; The books, {said_of(span)}."]
        lines += [f'option "operating_currency" "{code}"' for code in currencies]
        lines += [f"{OPENED} commodity {code}" for code in currencies]
        return "\n".join([*lines, "", ""])

    def declared(self, name: str, called: str) -> str:
        note = f"  name: {quoted(called)}\n" if called else ""
        return f"{OPENED} open {name}\n{note}"

    def entry(self, event: Event, legs: Iterable[Leg]) -> str:
        text = f"\n{event.on} * {quoted(event.what)}\n"
        if event.id is not None:
            text += f"  entry: {event.id}\n"
        for tag, one in event.tags:
            text += f"  {tag}: {quoted(one)}\n"
        if event.reverses is not None:
            text += f"  reverses: {event.reverses}\n"
        if event.note:
            text += f"  note: {quoted(event.note)}\n"
        return text + "".join(
            f"  {to.text}  {written(amount, to.digits)} {to.currency}\n"
            if lot is None
            else f"  {to.text}  {written(amount, to.digits)} {to.currency}\n    lot: {lot}\n"
            for to, amount, lot in legs
        )

    def foot(self, entries: int, postings: int) -> str:
        return f"\n; The end: {entries} entries, {postings} postings.\n"
