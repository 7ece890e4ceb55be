-- The web's role reads the ledger and calls its functions; it writes no ledger row itself.
-- {web} is the login of DATABASE_URL.

revoke all on ledger_account, ledger_lot, ledger_entry, ledger_posting from public, {web};
grant select on ledger_account, ledger_lot, ledger_entry, ledger_posting to {web};
revoke all on ledger_seal, ledger_daysum, ledger_snapshot from public, {web};
grant select on ledger_seal, ledger_daysum, ledger_snapshot to {web};

revoke all on function ledger_account_id(text, text) from public, {web};
revoke all on function ledger_lock_in_order(jsonb, text) from public, {web};
revoke all on function ledger_make_accounts(jsonb, text, text, boolean, boolean) from public, {web};
revoke all on function ledger_children(bigint) from public, {web};
revoke all on function ledger_post(
    text, text, text, text, timestamptz, date, bigint, bigint, text, text,
    text, text, bigint, boolean, bigint
) from public, {web};
grant execute on function ledger_post(
    text, text, text, text, timestamptz, date, bigint, bigint, text, text,
    text, text, bigint, boolean, bigint
) to {web};
