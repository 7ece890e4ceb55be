-- The web's role reads the ledger and calls its functions; it writes no ledger row itself.
-- {web} is the login of DATABASE_URL.

revoke all on ledger_account, ledger_lot, ledger_entry, ledger_posting from public, {web};
grant select on ledger_account, ledger_lot, ledger_entry, ledger_posting to {web};

revoke all on function ledger_account_id(text, text) from public, {web};
revoke all on function ledger_account_name_of_lot(bigint, text) from public, {web};
revoke all on function ledger_children(bigint) from public, {web};
revoke all on function ledger_post(
    text, text, jsonb, text, timestamptz, date, bigint, bigint, text, text, text, text, bigint
) from public, {web};
grant execute on function ledger_post(
    text, text, jsonb, text, timestamptz, date, bigint, bigint, text, text, text, text, bigint
) to {web};
