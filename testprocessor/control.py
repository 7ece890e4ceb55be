"""`/_control/`: what tests and the demo do to the processor, and its books as JSON.

POST /_control/<verb>    parameters as JSON
GET  /_control/books
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from testprocessor import disputes, events, later, payouts, readers, refunds, sessions, setups
from testprocessor.answers import Answer, Request, as_json
from testprocessor.books import Books, Thing, shown
from testprocessor.dump import dump
from testprocessor.errors import ApiError, invalid, missing
from testprocessor.faults import Fault, How
from testprocessor.numbers import card_for
from testprocessor.webhooks import resend

if TYPE_CHECKING:
    from testprocessor.server import Processor

Given = dict[str, Any]
Verb = Callable[["Processor", Given], Any]


def answer(processor: Processor, request: Request) -> Answer:
    """Do one verb; 404 where there is none of that name."""
    verb = request.path.removeprefix("/_control/")
    given = json.loads(request.body or "{}")
    if verb == "deliver":  # Not under the lock: who takes an event asks back.
        return as_json(200, {"taken": processor.webhooks.deliver(processor.books, due_only=False)})
    with processor.books.lock:
        try:
            done = _VERBS[verb](processor, given)
        except KeyError as problem:
            return as_json(404, {"error": {"message": f"There is no {problem}."}})
        except ApiError as problem:
            return as_json(problem.status, problem.body)
        finally:
            processor.books.database.commit()
    return as_json(200, shown(done if done is not None else {}))


def _thing(books: Books, wanted: str) -> Thing:
    found = books.find(wanted)
    if found is None:
        raise missing("thing", wanted)
    return found


def _fault(processor: Processor, given: Given) -> None:
    processor.faults.add(Fault(**{**given, "how": How(given["how"])}))


def _webhooks(processor: Processor, given: Given) -> None:
    for name in ("is_held", "is_reversed", "copies", "url", "secret"):
        if name in given:
            setattr(processor.webhooks, name, given[name])


def _present(processor: Processor, given: Given) -> Thing:
    reader = _thing(processor.books, given["reader"])
    return readers.hold_card(processor.books, reader, card_for(given["number"]))


def _reader(processor: Processor, given: Given) -> Thing:
    reader = _thing(processor.books, given["reader"]) | {"status": given["status"]}
    processor.books.save(reader)
    return reader


def _fail_refund(processor: Processor, given: Given) -> Thing:
    refunds.fail_refund(processor.books, given["refund"])
    return _thing(processor.books, given["refund"])


def _dispute(processor: Processor, given: Given) -> Thing:
    intent = _thing(processor.books, given["payment"])
    disputes.open_dispute(processor.books, intent["latest_charge"])
    return _dispute_of(processor.books, intent["id"])


def _close_dispute(processor: Processor, given: Given) -> Thing:
    dispute = _dispute_of(processor.books, given["payment"])
    return disputes.close_dispute(processor.books, dispute, won=bool(given["won"]))


def _dispute_of(books: Books, payment: str) -> Thing:
    found = list(books.of_kind("dispute", payment_intent=payment))
    if not found:
        raise missing("dispute", payment)
    return found[-1]


def _save_card(processor: Processor, given: Given) -> Thing:
    setup = setups.new_setup(processor.books, given["customer"], {})
    setups.keep(processor.books, setup, card_for(given["number"]))
    return setup


def _expire(processor: Processor, given: Given) -> None:
    sessions.expire_by_itself(processor.books, given["session"])


def _later(processor: Processor, given: Given) -> Thing:
    acts = {"open_dispute", "fail_refund", "settle_refund", "settle_charge"}
    return {"done": later.run(processor.books, until=2**62, acts=acts)}


def _late_fees(processor: Processor, given: Given) -> None:
    processor.books.fees_are_late = bool(given["is_late"])


def _payout(processor: Processor, given: Given) -> Thing:
    books = processor.books
    return payouts.pay_out(books, given.get("currency", "usd"), given.get("amount", 0))


def _fail_payout(processor: Processor, given: Given) -> Thing:
    return payouts.fail_payout(processor.books, _thing(processor.books, given["payout"]))


def _emit(processor: Processor, given: Given) -> Thing:
    if not given.get("type"):
        raise invalid("An event needs a type.", "type")
    return events.tell(processor.books, given["type"], given.get("object", {}))


def _resend(processor: Processor, given: Given) -> None:
    resend(processor.books, _thing(processor.books, given["event"])["id"])


_VERBS: dict[str, Verb] = {
    "books": lambda processor, given: dump(processor.books),
    "reset": lambda processor, given: processor.reset(),
    "fault": _fault,
    "clear_faults": lambda processor, given: processor.faults.clear(),
    "release": lambda processor, given: processor.faults.release(),
    "webhooks": _webhooks,
    "resend": _resend,
    "emit": _emit,
    "later": _later,
    "late_fees": _late_fees,
    "present": _present,
    "reader": _reader,
    "save_card": _save_card,
    "expire": _expire,
    "fail_refund": _fail_refund,
    "dispute": _dispute,
    "close_dispute": _close_dispute,
    "payout": _payout,
    "fail_payout": _fail_payout,
}
