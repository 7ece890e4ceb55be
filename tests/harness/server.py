"""The tests' own PostgreSQL server: started by the first run, stopped by the last one to end."""

from __future__ import annotations

from tools import VAR
from tools.cluster import Cluster

HOME = VAR / "test-postgres"
# Nothing in this server outlives a test run; tests of durability start a server with real settings.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}

_server: list[Cluster] = []


def shared_cluster() -> Cluster:
    """The server that all tests share; `start` it before use."""
    if not _server:
        _server.append(Cluster(HOME, THROW_AWAY))
    return _server[0]
