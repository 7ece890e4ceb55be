"""The app of tests/typing_settings.py; it is there before any model is."""

from django.apps import AppConfig
from django.db.models.signals import class_prepared


class PlainManagers(AppConfig):
    """Takes django-money's hand off the managers."""

    name = "tests"
    label = "typing"

    def __init__(self, *args, **kwargs):
        from djmoney.models.fields import patch_managers

        class_prepared.disconnect(patch_managers)
        super().__init__(*args, **kwargs)
