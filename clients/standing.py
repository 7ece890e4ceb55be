"""Whether a client can be served, and who stands for one that was merged."""

from django.db import connection

from clients.errors import Refused
from clients.models import Client
from salon import permissions
from salon.desk import Desk


def why_not_served(client: Client | None) -> str:
    """Why nothing new can be begun for this client; empty when it can. One query if merged."""
    if client is None or not client.is_archived:
        return ""
    if client.merged_into_id:
        return f"{client.name} was merged into {client.survivor.name}. Choose that client."
    return f"{client.name} is archived. Restore the client first."


def lock(client: Client) -> Client:
    """The client as it is now, locked until the transaction ends: who merges or gives money waits.

    One query.
    """
    return Client.objects.select_for_update(no_key=True).get(pk=client.pk)


def hold(client: Client) -> Client:
    """The client who stands for this one, and stays so until the transaction ends.

    Called before money goes to a balance, so that none goes to a client who is being merged: it
    waits for that merge. Locks the client's row, shared: tills do not wait for each other. One
    query, two where it was merged.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(merged_into_id, id) from clients_client where id = %s for share",
            [client.pk],
        )
        (survivor,) = cursor.fetchone()
    return client if survivor == client.pk else Client.objects.get(pk=survivor)


def stands_for(client: Client, pk: int) -> bool:
    """Whether this client is the one of that id, or both became the same one since.

    One query where they are not the same.
    """
    if client.pk == pk:
        return True
    then = Client.objects.select_related("merged_into").filter(pk=pk).first()
    return then is not None and then.survivor.pk == client.survivor.pk


def require_merging(desk: Desk) -> None:
    """Refuse unless whoever stands at the desk may merge, archive and block clients."""
    if desk.staff is None or not desk.staff.has_perm(permissions.MERGE_CLIENTS):
        raise Refused(
            "Your role may not merge, archive or block clients. Ask a manager or an owner. "
            "Nothing was changed."
        )
