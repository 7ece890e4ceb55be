"""The project's own PostgreSQL: `python -m tools.postgres start | stop | status | url | psql`."""

from __future__ import annotations

import os
import sys

from tools import VAR, ToolError
from tools.cluster import SUPERUSER, Cluster

OWNER, WEB, DATABASE = "salon_owner", "salon_web", "salon"

# Names of ours alone go into these; none comes from outside.
ROLES_SQL = f"""
SELECT 'CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') \\gexec
SELECT 'CREATE ROLE {WEB} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{WEB}') \\gexec
"""  # nosec B608


def cluster() -> Cluster:
    """The server of `make run`, under var/postgres."""
    return Cluster(VAR / "postgres")


def urls(server: Cluster | None = None, database: str = DATABASE) -> dict[str, str]:
    """Both logins' URLs as the environment names them; nothing is started."""
    server = server or cluster()
    return {
        "DATABASE_URL": server.url(database, WEB),
        "DATABASE_OWNER_URL": server.url(database, OWNER),
    }


def prepare(server: Cluster, database: str = DATABASE) -> None:
    """Make both roles and a database that the owner owns; what exists is left alone."""
    found = f"SELECT FROM pg_database WHERE datname = '{database}'"  # nosec B608
    create = f"SELECT 'CREATE DATABASE {database} OWNER {OWNER}' WHERE NOT EXISTS ({found}) \\gexec"
    server.sql(ROLES_SQL + create)
    # Whoever is neither of the two has no business here.
    server.sql(
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;"
        f"GRANT CONNECT ON DATABASE {database} TO {WEB};"
    )


def main(verb: str) -> int:
    """Run one verb of the command line; the exit code."""
    server = cluster()
    if verb == "start":
        server.start()
        prepare(server)
        verb = "url"
    if verb == "stop":
        server.stop()
    elif verb == "status":
        running = server.is_running()
        print("running" if running else "stopped")
        return 0 if running else 3
    elif verb == "url":
        for name, value in urls(server).items():
            print(f"export {name}='{value}'")
        print(f"# superuser: {server.url(DATABASE, SUPERUSER)}")
    elif verb == "psql":
        login = ["-h", str(server.socket_dir), "-U", OWNER, DATABASE]
        os.execv(server.bin_dir / "psql", ["psql", *login])  # nosec B606
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main((sys.argv[1:] or ["help"])[0]))
    except ToolError as problem:
        sys.exit(f"{problem}")
