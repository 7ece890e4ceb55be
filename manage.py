#!/usr/bin/env python3
"""Django's command line. `migrate` logs in as the owner of the database, all else as the web."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Choose the login for this command, then hand over to Django."""
    from salon.env import MissingVariableError
    from tools.environment import demo_environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salon.settings")
    if sys.argv[1:2] == ["migrate"]:
        os.environ["DATABASE_ROLE"] = "owner"
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(demo_environment())

    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except MissingVariableError as problem:
        sys.exit(f"{problem}")


if __name__ == "__main__":
    main()
