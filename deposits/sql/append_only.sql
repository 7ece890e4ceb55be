-- What a client agreed to is evidence: the web's role may add to it, and nobody may change it.

create or replace trigger deposits_policyacceptance_append_only
    before update or delete on deposits_policyacceptance
    for each row execute function salon_refuse_change();
create or replace trigger deposits_policyacceptance_no_truncate
    before truncate on deposits_policyacceptance
    for each statement execute function salon_refuse_change();

revoke update, delete, truncate on deposits_policyacceptance from public, {web};

-- What was decided about a deposit stays as it was decided: a decision never changes, and of a fate
-- only that it was undone, once.
create or replace trigger deposits_decision_append_only
    before update or delete on deposits_decision
    for each row execute function salon_refuse_change();
create or replace trigger deposits_decision_no_truncate
    before truncate on deposits_decision
    for each statement execute function salon_refuse_change();

create or replace function deposits_fate_changes() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE' or old.undone_at is not null or new.undone_at is null
       or (new.id, new.uuid, new.decision_id, new.kind, new.amount, new.amount_currency)
          is distinct from
          (old.id, old.uuid, old.decision_id, old.kind, old.amount, old.amount_currency)
       or (new.to_appointment_id, new.entry_id)
          is distinct from (old.to_appointment_id, old.entry_id)
    then
        raise exception '% is append-only: % is refused.', tg_table_name, lower(tg_op)
            using errcode = 'SL010';
    end if;
    return new;
end $$;

create or replace trigger deposits_fate_append_only
    before update or delete on deposits_fate
    for each row execute function deposits_fate_changes();
create or replace trigger deposits_fate_no_truncate
    before truncate on deposits_fate
    for each statement execute function salon_refuse_change();
create or replace trigger deposits_fate_refunds_append_only
    before update or delete on deposits_fate_refunds
    for each row execute function salon_refuse_change();
create or replace trigger deposits_fate_refunds_no_truncate
    before truncate on deposits_fate_refunds
    for each statement execute function salon_refuse_change();

revoke update, delete, truncate on deposits_decision, deposits_fate_refunds from public, {web};
revoke delete, truncate on deposits_fate from public, {web};

-- The app had a function of its own, equal to salon's.
drop function if exists deposits_refuse_change();
