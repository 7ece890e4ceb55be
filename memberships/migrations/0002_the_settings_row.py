from django.db import migrations


def make_the_row(apps, schema_editor):
    apps.get_model("memberships", "MembershipSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("memberships", "0001_initial")]
    operations = [migrations.RunPython(make_the_row, migrations.RunPython.noop)]
