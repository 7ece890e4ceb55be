"""Programs under the real settings, as a server starts them."""

from __future__ import annotations

import os
import subprocess
import sys

from tools import ROOT

KEYS = {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
ELSEWHERE = {"STRIPE_API_BASE": "http://127.0.0.1:8001"}
WEB = "import salon.wsgi"
COMMAND = "import manage, sys; sys.argv = ['manage.py', 'check']; manage.main()"
NONE = dict.fromkeys(("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "STRIPE_API_BASE"), "")


def start(program: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings of production, and what is given on top."""
    environment = {
        **os.environ,
        **NONE,
        "SECRET_KEY": "x" * 50,
        "DATABASE_URL": "postgres://salon_web@/nowhere",
        "DATABASE_ROLE": "web",
        "DJANGO_SETTINGS_MODULE": "salon.settings",
        "DEBUG": "0",
        "DEMO": "0",
        **given,
    }
    command = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
