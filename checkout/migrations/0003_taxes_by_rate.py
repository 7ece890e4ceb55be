"""Lines that exist keep their tax, now as a row for its rate."""

from django.db import migrations

COPY = """
insert into checkout_linetax (line_id, rate_id, percent, is_included, amount, amount_currency)
select id, tax_rate_id, tax_percent, false, tax, tax_currency
from checkout_lineitem where tax_rate_id is not null
on conflict do nothing
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0002_the_whole_checkout")]
    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
