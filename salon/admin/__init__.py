"""The settings and the catalog, in Django's admin."""

from django.contrib import admin
from django.contrib.auth.models import Group

from salon.admin import catalog, people, places, settings

__all__ = ["catalog", "people", "places", "settings"]

admin.site.site_header = admin.site.site_title = "Settings and catalog"
admin.site.index_title = "Settings and catalog"
# Roles are shown by themselves, in the words of the desk.
admin.site.unregister(Group)
