"""The day sums beside the postings, for verify_ledger: by day and kind, in one pass over each.

`manage.py snapshot_ledger --prove` compares them row by row, which takes longer.
"""

DAY_SUMS_ADD_UP = """
select case when kept.amount is distinct from made.amount
              or kept.postings is distinct from made.postings then
    format('%s, %s: %s in %s postings summed up, %s in %s posted',
           coalesce(kept.business_date, made.business_date), coalesce(kept.kind, made.kind),
           coalesce(kept.amount, 0), coalesce(kept.postings, 0),
           coalesce(made.amount, 0), coalesce(made.postings, 0)) end
from (
    select business_date, kind, sum(amount) as amount, sum(postings) as postings
    from ledger_daysum group by business_date, kind
) as kept
full join (
    select p.business_date, a.kind, sum(p.amount) as amount, count(*) as postings
    from ledger_posting p
    join ledger_account a on a.id = p.account_id
    where p.entry_id <= (select coalesce(max(through), 0) from ledger_snapshot)
    group by p.business_date, a.kind
) as made on made.business_date = kept.business_date and made.kind = kept.kind
"""

CHECKS = {"Sums by day are what the postings make": DAY_SUMS_ADD_UP}
