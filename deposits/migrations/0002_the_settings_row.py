from django.db import migrations


def make_the_row(apps, schema_editor):
    apps.get_model("deposits", "BookingSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("deposits", "0001_initial")]
    operations = [migrations.RunPython(make_the_row, migrations.RunPython.noop)]
