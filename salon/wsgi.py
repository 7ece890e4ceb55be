"""What gunicorn serves."""

from __future__ import annotations

import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "salon.settings")

application = get_wsgi_application()
# Commands ask by themselves; the web server has to be made to. What does not fit ends it here.
BaseCommand().check(tags=["cards"])
