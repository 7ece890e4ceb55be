from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_kinds_of_cards'),
    ]

    operations = [
        migrations.AlterField(
            model_name='entry',
            name='kind',
            field=models.CharField(choices=[('tender', 'Payment'), ('tender_back', 'Payment taken back'), ('sale', 'Sale'), ('refund', 'Refund'), ('adjustment', 'Adjustment'), ('expiry', 'Expired'), ('reversal', 'Reversal'), ('lot_change', 'Credit moved'), ('forfeit', 'Deposit forfeited'), ('merge', 'Clients merged'), ('opening', 'Opening balance'), ('till', 'Till'), ('fee', 'Processor fee'), ('dispute', 'Dispute'), ('payout', 'Payout to the bank'), ('settle_up', 'Paid to a provider')], max_length=24),
        ),
    ]
