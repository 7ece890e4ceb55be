"""Card payments for reading, and the processor's events, which may be applied again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from cards.events import apply_event
from cards.models import Attempt, CardRefund, Dispute, Payout, ProcessorEvent, Transfer
from ledger.admin import LedgerAdmin


@admin.register(ProcessorEvent)
class ProcessorEventAdmin(LedgerAdmin):
    list_display = ["gateway_id", "type", "status", "note", "tries", "happened_at", "received_at"]
    list_filter = ["status", "type"]
    search_fields = ["=gateway_id"]
    actions = ["apply_again"]  # type: ignore[assignment]

    def has_apply_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("cards.change_processorevent")

    @admin.action(description="Apply again", permissions=["apply"])
    def apply_again(self, request: HttpRequest, queryset: QuerySet[ProcessorEvent]) -> None:
        """Applying one twice changes nothing twice: each only looks how things stand."""
        done = [apply_event(event) for event in queryset.order_by("id")]
        failed = [event for event in done if event.status == ProcessorEvent.Status.FAILED]
        for event in failed:
            messages.error(request, f"{event} was not applied: {event.note}")
        if len(done) > len(failed):
            messages.success(request, f"Applied again: {len(done) - len(failed)}.")


@admin.register(Attempt)
class AttemptAdmin(LedgerAdmin):
    list_display = ["uuid", "amount", "way", "status", "failure", "card_said", "started_at"]
    list_filter = ["status", "way", "location"]
    list_select_related = ["card"]
    search_fields = ["=uuid", "=payment_id", "=page_id", "=reference"]
    fields = [
        *["uuid", "purpose", "reference", "description", "way", "amount", "status", "client"],
        *["card_said", "reader_id", "page_id", "payment_id", "failure", "failure_code"],
        *["location", "started_at", "started_by", "expires_at", "cancel_asked_at"],
        *["looked_at", "ended_at", "fee_entry"],
    ]
    readonly_fields = ["card_said"]


@admin.register(CardRefund)
class CardRefundAdmin(LedgerAdmin):
    list_display = ["uuid", "amount", "status", "failure", "instead", "asked_at", "ended_at"]
    list_filter = ["status", "location"]
    search_fields = ["=uuid", "=gateway_id", "=reference"]


@admin.register(Transfer)
class TransferAdmin(LedgerAdmin):
    list_display = ["uuid", "account", "amount", "is_back", "by_hand", "status", "failure"]
    list_filter = ["status", "account", "location"]
    list_select_related = ["account"]
    search_fields = ["=uuid", "=gateway_id", "=reference"]

    @admin.display(description="Taken back", boolean=True)
    def is_back(self, transfer: Transfer) -> bool:
        return transfer.takes_back_id is not None


@admin.register(Dispute)
class DisputeAdmin(LedgerAdmin):
    list_display = ["gateway_id", "amount", "fee", "reason", "status", "answer_by", "opened_at"]
    list_filter = ["status"]
    search_fields = ["=gateway_id", "=attempt__uuid"]


@admin.register(Payout)
class PayoutAdmin(LedgerAdmin):
    list_display = ["gateway_id", "amount", "arrives_on", "came_back"]
    search_fields = ["=gateway_id"]

    @admin.display(description="Came back", boolean=True)
    def came_back(self, payout: Payout) -> bool:
        return payout.failed_entry_id is not None
