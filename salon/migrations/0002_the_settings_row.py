"""The one row of settings, and the house that holds the money, exist from the start."""

from django.db import migrations


def make_rows(apps, schema_editor):
    apps.get_model("salon", "BusinessSettings").objects.get_or_create(pk=1)
    apps.get_model("salon", "MerchantAccount").objects.get_or_create(
        is_house=True, defaults={"name": "House"}
    )


class Migration(migrations.Migration):
    dependencies = [("salon", "0001_initial")]

    operations = [migrations.RunPython(make_rows, migrations.RunPython.noop)]
