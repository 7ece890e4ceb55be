"""One row understood: from its cells to what would be written, with all that is wrong with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from imports.understanding import people
from imports.understanding.amounts import amount
from imports.understanding.days import day
from imports.understanding.problems import Wrong
from salon import said
from salon.money import money


@dataclass(frozen=True)
class Reader:
    """How the rows of one import are read. `today`: days before it are over."""

    mapping: Sequence[str]
    expires_on: dt.date | None
    today: dt.date

    def read(self, cells: Sequence[str]) -> "Understood":
        """Everything of a row; what is wrong with it is in `problems`, and nothing is raised."""
        row = Understood()
        texts = self._texts(cells, row)
        row.take_names(texts)
        row.take_contacts(texts)
        row.take_balance(texts)
        if row.amount > 0 and not row.expires_on:
            row.expires_on = self.expires_on
        row.refuse_what_is_over(self.today)
        row.refuse_a_total()
        return row

    def _texts(self, cells: Sequence[str], row: "Understood") -> dict[str, list[str]]:
        if len(cells) > len(self.mapping):
            row.problems.append(
                f"The row has {len(cells)} cells and the header {len(self.mapping)}. Put quotation "
                "marks around texts with a comma in them."
            )
        found: dict[str, list[str]] = {}
        for name, cell in zip(self.mapping, cells, strict=False):
            if name and cell:
                found.setdefault(name, []).append(cell)
        return found


@dataclass
class Understood:
    """What a row says. `amount` in minor units, below zero for what is owed."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""
    note: str = ""
    reference: str = ""
    amount: int = 0
    expires_on: dt.date | None = None
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take_names(self, texts: dict[str, list[str]]) -> None:
        try:
            self.first_name, self.last_name = people.names(
                _one(texts, "first_name"), _one(texts, "last_name"), _one(texts, "name")
            )
        except Wrong as wrong:
            self.problems.append(str(wrong))

    def take_contacts(self, texts: dict[str, list[str]]) -> None:
        notes = list(texts.get("note", []))
        if text := _one(texts, "email"):
            try:
                self.email = people.email(text)
            except Wrong as wrong:
                self.problems.append(str(wrong))
        for text in [*texts.get("phone", []), *texts.get("other_phone", [])]:
            self._take_phone(text, notes)
        self.note = "\n".join(notes)
        self.reference = _one(texts, "reference")[:120]

    def _take_phone(self, text: str, notes: list[str]) -> None:
        number = people.phone(text)
        if number and not self.phone:
            self.phone = number
        elif number and number != self.phone:
            notes.append(f"Other phone: {text}")
        elif not number:
            notes.append(f"Phone: {text}")
            self.warnings.append(f"“{text[:60]}” is no phone number. It is kept in the note.")

    def take_balance(self, texts: dict[str, list[str]]) -> None:
        try:
            self.amount = amount(_one(texts, "balance"))
        except Wrong as wrong:
            self.problems.append(str(wrong))
        text = _one(texts, "expires_on")
        if not text or self.amount <= 0:
            return
        try:
            self.expires_on = day(text)
        except Wrong as wrong:
            self.problems.append(str(wrong))

    def refuse_what_is_over(self, today: dt.date) -> None:
        if self.amount > 0 and self.expires_on and self.expires_on < today:
            self.problems.append(
                f"The balance of {said.amount(money(self.amount))} expired on "
                f"{said.day(self.expires_on, today)}. Leave the row out, or change the day."
            )

    def refuse_a_total(self) -> None:
        """Reports end in a line with their sum: its balance would go in a second time."""
        name = f"{self.first_name} {self.last_name}".strip(" :").lower()
        if name in _TOTALS and not self.email and not self.phone:
            self.problems.append(
                "This looks like the total under the list, which is no client. Leave the row out."
            )


_TOTALS = {"total", "totals", "grand total", "subtotal", "sum", "total total", "totals totals"}


def _one(texts: dict[str, list[str]], name: str) -> str:
    return texts.get(name, [""])[0]
