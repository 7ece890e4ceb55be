"""Settings under which mypy's Django plugin looks at the models.

django-money puts a manager made on the fly in the place of each model's own, which no checker can
follow; here the models keep theirs.
"""

from tests.settings import *  # noqa: F403

INSTALLED_APPS = ["tests.typing_apps.PlainManagers", *INSTALLED_APPS]  # noqa: F405
