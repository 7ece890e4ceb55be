"""A visit that money is held for is not canceled, missed or given away without saying what becomes
of the money.

Rescheduling keeps the deposit and asks nothing, as far as the owner lets it be carried. The answers
come with the sheet (`changes.Change.answers`); without them the change is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appointments.changes import Change, Prompt
from appointments.models import Appointment
from checkout.sold_lots import lock_sales_of, lots_held_for
from deposits.errors import Refused
from deposits.fates.checks import Answer
from deposits.fates.choices import choices_of, targets_of
from deposits.fates.deciding import decide_locked
from deposits.fates.form import PREFIX, FateForm
from deposits.fates.outcomes import fee_uuid
from deposits.fates.question import Question, question_of
from deposits.fees.charging import charge_fee, let_off
from deposits.models import Decision, Fate, Fee
from deposits.own.telling import tell_canceled
from salon import said
from salon.money import money


def lock_first(appointment: Appointment) -> None:
    """The sales that sold what is held, before the visit is locked.

    The visit's own sale comes before them (checkout), as where that closes. Four queries at most,
    one where nothing is held.
    """
    lock_sales_of(lots_held_for(appointment.pk))


def settle_the_deposit(change: Change) -> None:
    """Part of the change: write what the answers say becomes of the deposit, and charge the fee.

    The visit is locked and not written yet. Raises Refused; then nothing changes.
    """
    question = question_of(change)
    if question is None:
        _check_not_stale(change)
        return
    form = FateForm(change.answers, question=question)
    if not form.is_valid():
        raise _first_error(form)
    carry_out(question, form)


def carry_out(question: Question, form: FateForm) -> Decision | None:
    """Do what a valid form says, with the visit and its sales locked; None without a deposit."""
    told = form.told_to_client
    decision = _decide(question, form) if question.held else None
    if question.fee:
        _charge(question, form, decision)
    if told:
        tell_canceled(question.visit, told)
    return decision


def prompt(change: Change, data: Mapping[str, Any] | None) -> Prompt | None:
    """The deposit's part of the sheet; None where there is nothing to ask."""
    question = question_of(change)
    return None if question is None else Prompt("deposits/_fates.html", shown(question, data))


def shown(question: Question, data: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the partial shows. `data`: all that was sent so far."""
    typed = data if data and f"{PREFIX}-uuid" in data else None
    form = FateForm(typed, question=question)
    choices = choices_of(question) if question.held else []
    chosen = form["how"].value() or ""
    return {
        "question": question,
        "fates": form,
        "choices": choices,
        "chosen": chosen,
        "targets": targets_of(question),
        "button": next((one.outcome for one in choices if one.value == chosen), ""),
    }


def _decide(question: Question, form: FateForm) -> Decision:
    if form.is_carried:
        return _carried(question, form.answer)
    return decide_locked(
        visit=question.visit, answer=form.answer, desk=question.desk, becomes=question.becomes
    )


def _carried(question: Question, answer: Answer) -> Decision:
    """Beyond the owner's limits, by somebody who may say so: a decision without fates."""
    visit, desk = question.visit, question.desk
    if desk.by_itself or not question.may_decide:
        raise Refused(f"{question.why} Nothing was changed. Ask the salon.", field="fate-how")
    if Decision.objects.filter(uuid=answer.uuid).exists():
        raise Refused(
            "This form was used already. Nothing was changed. Load the page again: it shows how "
            "the visit stands now."
        )
    decision = answer.decision(visit, question.amount, visit.client_id, desk)
    decision.save(force_insert=True)
    return decision


def _charge(question: Question, form: FateForm, decision: Decision | None) -> Fee:
    wanted, why = form.fee_wanted, form.cleaned_data["waive_reason"].strip()
    uuid = fee_uuid(form.cleaned_data["uuid"])
    visit, desk, occasion = question.visit, question.desk, question.consequence.occasion
    if not wanted:
        return let_off(
            visit=visit,
            occasion=occasion,
            amount=question.fee,
            reason=why,
            desk=desk,
            uuid=uuid,
            decision=decision,
        )
    forfeited = sum(
        (wish.amount for wish in form.wishes if wish.kind == Fate.Kind.FORFEITED), money(0)
    )
    return charge_fee(
        visit=visit,
        occasion=occasion,
        amount=wanted,
        from_deposit=forfeited,
        desk=desk,
        uuid=uuid,
        decision=decision,
        lowered=f"Lowered from {said.amount(question.fee)}: {why}" if wanted < question.fee else "",
    )


def _check_not_stale(change: Change) -> None:
    """What the sheet said about money that is not held any more is not passed over."""
    shown_as_held = str(change.answers.get(f"{PREFIX}-held", "")).strip()
    if shown_as_held.strip("0.") and change.answers.get(f"{PREFIX}-how"):
        raise Refused(
            "The deposit of this visit was changed a moment ago, and nothing is to be decided "
            "about it any more. Nothing was changed. Look it over and go on."
        )


def _first_error(form: FateForm) -> Refused:
    """What the form says first, beside its field."""
    name, errors = next(iter(form.errors.items()))
    message = str(errors[0])
    if name in ("uuid", "held"):
        question = form.question
        name, message = (
            "how",
            (
                f"{said.amount(question.amount)} is held for this visit. Say what becomes of it."
                if question.held
                else f"A fee of {said.amount(question.fee)} is due. Say what is charged."
            ),
        )
    field = "" if name == "__all__" else f"{PREFIX}-{name}"
    return Refused(f"{message} Nothing was changed.", field=field)
