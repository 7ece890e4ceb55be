"""For hledger: https://hledger.org. Its `check --strict` finds nothing to say."""

from collections.abc import Iterable, Sequence

from ledger.exporting.amounts import digits_of, written
from ledger.exporting.formats import Event, Leg, said_of
from ledger.exporting.rows import Span
from ledger.exporting.texts import as_comment, as_value, as_words, in_name


class Hledger:
    label = "hledger"
    about = "Plain text for hledger, on the command line or in the browser. Its strict checks pass."
    suffix = "journal"
    content_type = "text/plain; charset=utf-8"

    def legal(self, text: str) -> str:
        return in_name(text)

    def head(self, span: Span, currencies: Sequence[str]) -> str:
        """What a point is, is said: 1.000 in Kuwaiti dinars is no thousand."""
        lines = [f"; The books, {said_of(span)}.", "decimal-mark ."]
        # Of a currency without decimals it wants the point all the same.
        lines += [f"commodity 1000.{'0' * digits_of(code)} {code}" for code in currencies]
        return "\n".join([*lines, "", ""])

    def declared(self, name: str, called: str) -> str:
        return f"account {name}  ; {as_comment(called)}\n" if called else f"account {name}\n"

    def entry(self, event: Event, legs: Iterable[Leg]) -> str:
        code = "" if event.id is None else f"({event.id}) "
        text = f"\n{event.on} * {code}{as_words(event.what)}\n"
        tags = [f"{tag}:{as_value(one)}" for tag, one in event.tags]
        if event.reverses is not None:
            tags.append(f"reverses:{event.reverses}")
        if tags:
            text += f"    ; {', '.join(tags)}\n"
        if event.note:
            text += f"    ; note:{as_value(event.note)}\n"
        return text + "".join(
            f"    {to.text}  {written(amount, to.digits)} {to.currency}\n"
            if lot is None
            else f"    {to.text}  {written(amount, to.digits)} {to.currency}  ; lot:{lot}\n"
            for to, amount, lot in legs
        )

    def foot(self, entries: int, postings: int) -> str:
        return f"\n; The end: {entries} entries, {postings} postings.\n"
