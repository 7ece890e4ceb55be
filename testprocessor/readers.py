"""Two card readers at the desk, which anybody may hold a card to."""

from __future__ import annotations

from testprocessor.books import Books, Thing
from testprocessor.calls import Call, listed
from testprocessor.charging import charge
from testprocessor.customers import new_method
from testprocessor.errors import ApiError, invalid, refused
from testprocessor.events import tell
from testprocessor.numbers import TestCard, card_for

DEMO = {"tmr_front": "Front desk", "tmr_back": "Back room"}


def install(books: Books) -> None:
    """Put the two readers there, where they are not yet."""
    for wanted, label in DEMO.items():
        if not books.find(wanted):
            books.add(
                "terminal.reader",
                "tmr",
                id=wanted,
                label=label,
                status="online",
                device_type="simulated_wisepos_e",
                serial_number=wanted,
                location=None,
                metadata={},
                action=None,
            )


def index(call: Call) -> Thing:
    """GET /v1/terminal/readers"""
    return listed(list(call.books.of_kind("terminal.reader")), "/v1/terminal/readers")


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/terminal/readers/:id"""
    return call.thing("terminal.reader", wanted)


def process(call: Call, wanted: str) -> Thing:
    """POST /v1/terminal/readers/:id/process_payment_intent"""
    reader = call.thing("terminal.reader", wanted)
    intent = call.thing("payment_intent", call.required("payment_intent"))
    if reader["status"] != "online":
        raise _reader_error("Reader is currently offline.", "terminal_reader_offline")
    if _asks_for(reader) not in {"", intent["id"]}:
        raise _reader_error("Reader is currently in use.", "terminal_reader_busy")
    if "card_present" not in intent["payment_method_types"]:
        raise invalid("The payment does not take card_present.", "payment_intent")
    if intent["status"] != "requires_payment_method":
        raise refused(
            f"The payment has a status of {intent['status']}.", "payment_intent_unexpected_state"
        )
    _set_action(call.books, reader, intent["id"], "in_progress")
    return reader


def _reader_error(message: str, code: str) -> ApiError:
    """The reader did not get it; asked anew, with the same key, it may."""
    error = {"type": "invalid_request_error", "message": message, "code": code}
    return ApiError(400, error, is_kept=False)


def cancel_action(call: Call, wanted: str) -> Thing:
    """POST /v1/terminal/readers/:id/cancel_action"""
    reader = call.thing("terminal.reader", wanted)
    if reader["status"] != "online":
        raise _reader_error("Reader is currently offline.", "terminal_reader_offline")
    reader["action"] = None
    call.books.save(reader)
    return reader


def present(call: Call, wanted: str) -> Thing:
    """POST /v1/test_helpers/terminal/readers/:id/present_payment_method"""
    reader = call.thing("terminal.reader", wanted)
    number = str(call.tree("card_present").get("number") or "4242424242424242")
    return hold_card(call.books, reader, card_for(number))


def hold_card(books: Books, reader: Thing, card: TestCard) -> Thing:
    """Somebody holds a card to the reader; it is charged, or the reader says why not."""
    intent = books.find(_asks_for(reader))
    if intent is None:
        raise refused("The reader asks for no card.")
    if intent["status"] != "requires_payment_method":
        _set_action(books, reader, intent["id"], "failed", "payment_intent_unexpected_state")
        return reader
    charge(books, intent, new_method(books, card, None, "card_present"))
    error = intent["last_payment_error"] or {}
    status = "failed" if error else "succeeded"
    _set_action(
        books, reader, intent["id"], status, error.get("code", ""), error.get("message", "")
    )
    tell(books, f"terminal.reader.action_{status}", reader)
    return reader


def _asks_for(reader: Thing) -> str:
    """The payment that the reader asks a card for, empty while it asks for none."""
    action = reader["action"] or {}
    if action.get("status") != "in_progress":
        return ""
    return str(action["process_payment_intent"]["payment_intent"])


def _set_action(
    books: Books, reader: Thing, intent: str, status: str, code: str = "", message: str = ""
) -> None:
    reader["action"] = {
        "type": "process_payment_intent",
        "status": status,
        "process_payment_intent": {"payment_intent": intent},
        "failure_code": code or None,
        "failure_message": message or None,
    }
    books.save(reader)
