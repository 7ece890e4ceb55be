"""The choices of a Question as the sheet shows them: each with what it means in money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appointments.models import Appointment
from appointments.times import when
from deposits.fates.consequences import sentence_of
from deposits.fates.question import CARRY, SPLIT, TRANSFER, Question
from deposits.models import Fate
from salon import said
from salon.money import money

Kind = Fate.Kind


@dataclass(frozen=True)
class Choice:
    """One answer. `refused`: why it cannot be chosen here and now."""

    value: str
    label: str
    hint: str
    outcome: str
    """What the button repeats: keep $30.00 as balance."""
    told: str = ""
    """What the client would be told."""
    refused: str = ""
    is_policy: bool = False


@dataclass(frozen=True)
class Target:
    """A visit that it can move to: "Tue, Dec 1, 3:15 pm with Maya"."""

    visit: Appointment

    @property
    def label(self) -> str:
        staff = dict.fromkeys(str(part.staff) for part in self.visit.services.all())
        return f"{when(self.visit)} with {' and '.join(staff)}"


def choices_of(question: Question) -> list[Choice]:
    """As many as the occasion has, the usual one first."""
    return list(_choices(question))


def targets_of(question: Question) -> list[Target]:
    """The visits that it can move to."""
    return [Target(visit) for visit in question.targets]


def _choices(question: Question) -> Iterator[Choice]:
    amount, client = said.amount(question.amount), question.visit.client
    if question.own == TRANSFER:
        yield _choice(
            question,
            TRANSFER,
            f"Give {amount} to {question.becomes}",
            f"Held for the same visit, and {question.becomes}’s from now on.",
            f"{amount} goes along",
        )
    if question.own == CARRY:
        yield _choice(
            question,
            CARRY,
            "Carry it along all the same",
            f"{amount} stays held for this visit. Say why, below.",
            f"carry {amount} along",
        )
    yield _choice(
        question,
        Kind.KEPT,
        f"Keep {amount} as account balance",
        f"{client} can spend it on anything at once.",
        f"keep {amount} as balance",
    )
    yield _choice(
        question,
        Kind.MOVED,
        f"Move {amount} to another visit",
        "Held for that visit on the same terms.",
        f"move {amount}",
        "" if question.targets else f"{client} has no other visit ahead.",
    )
    yield _refund(question)
    yield _choice(
        question,
        Kind.FORFEITED,
        f"Forfeit {amount}",
        "The salon keeps it as income.",
        f"forfeit {amount}",
    )
    yield _choice(question, SPLIT, "Split it", _split_hint(question), "split the deposit")


def _refund(question: Question) -> Choice:
    held = question.held
    back = said.amount(held.to_card)
    hint = "Give it back on the card terminal, by hand." if held.is_by_hand else "In a few days."
    if rest := held.amount - held.to_card:
        hint += f" {said.amount(rest)} was not paid by card, and becomes account balance."
    refused = ""
    if not held.to_card:
        refused = "It was not paid by a card that can take it back."
    elif not question.may_refund:
        refused = "Your role may not refund. Ask a manager or an owner."
    label = f"Refund {back} to {held.card}" if held.to_card else "Refund it to the card"
    return _choice(question, Kind.REFUNDED, label, hint, f"refund {back}", refused)


def _split_hint(question: Question) -> str:
    """What the policy would split it into; else that parts add up."""
    if question.preselected != SPLIT:
        return f"Parts that add up to {said.amount(question.amount)}."
    words = {kind: label.lower() for kind, label in Kind.choices}
    parts = [f"{said.amount(amount)} {words[kind]}" for kind, amount in question.consequence.parts]
    return ", ".join(parts) + "."


def _choice(
    question: Question, value: str, label: str, hint: str, outcome: str, refused: str = ""
) -> Choice:
    return Choice(
        value=str(value),
        label=label,
        hint=hint,
        outcome=outcome,
        told=_told(question, str(value)),
        refused=refused,
        is_policy=not question.carry and question.preselected == value,
    )


def _told(question: Question, value: str) -> str:
    if not question.email:
        return ""
    if value == question.preselected:
        return question.consequence.sentence
    if value not in Kind.values or (value == Kind.REFUNDED and not question.held.to_card):
        return ""
    parts = [(value, question.amount)]
    if value == Kind.REFUNDED and (rest := question.amount - question.held.to_card):
        parts = [(Kind.REFUNDED, question.held.to_card), (Kind.KEPT, rest)]
    taken = question.amount if value == Kind.FORFEITED else money(0)
    fee_rest = max(question.fee - taken, money(0))
    return sentence_of(question.visit, question.held, parts, fee_rest)
