"""The tests' own PostgreSQL server: started by the first run, stopped by the last one to end."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from pathlib import Path

from tools import VAR
from tools.cluster import Cluster

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes: what has to be free in memory; the server takes some 100 MB, each clone 13 MB."""
# Nothing in this server outlives a test run; tests of durability start a server with real settings.
THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "128MB",
    "max_connections": "200",
}


@functools.cache
def shared_cluster() -> Cluster:
    """The server that all tests share; `start` it before use."""
    return Cluster(in_memory(VAR / "test-memory") or VAR / "test-postgres", THROW_AWAY)


def in_memory(link: Path) -> Path | None:
    """The link, leading to a folder in memory of this user's alone; None without room for it.

    A clone is some thousand small files. To make them takes most of a second on some disks, and
    next to nothing in memory. After a restart of the machine the folder is there again, empty.
    """
    if link.exists():
        return link
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    digest = hashlib.sha256(os.fsencode(link)).hexdigest()[:12]
    folder = MEMORY / f"salon-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o755, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        return None
    link.parent.mkdir(exist_ok=True)
    if not link.is_symlink():
        _link(link, folder)
    return link


def _link(link: Path, folder: Path) -> None:
    """Another run, begun in the same moment, may have made it: then to the same folder."""
    try:
        link.symlink_to(folder)
    except FileExistsError:
        assert link.readlink() == folder
