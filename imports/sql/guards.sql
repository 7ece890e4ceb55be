-- What went in stays: an import is never deleted, nor a row whose balance was posted; and what such a
-- row says of money, client and entry does not change. Its texts may be cleared.

create or replace function imports_row_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'DELETE'
       or (old.of_id, old.number, old.amount, old.client_id, old.entry_id, old.decision)
          is distinct from
          (new.of_id, new.number, new.amount, new.client_id, new.entry_id, new.decision)
    then
        raise exception 'What an import posted stays as it is.' using errcode = 'SL010';
    end if;
    return new;
end $$;

create or replace trigger imports_row_stays before update or delete on imports_row
    for each row when (old.entry_id is not null) execute function imports_row_stays();

create or replace trigger imports_import_stays before delete on imports_import
    for each row execute function salon_refuse_change();

revoke delete, truncate on imports_import from public, {web};
revoke truncate on imports_row from public, {web};
