-- Changes of settings are kept: the web's role may add to the record, and nobody may change it.

create or replace function salon_refuse_change() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    raise exception '% is append-only: % is refused.', tg_table_name, lower(tg_op)
        using errcode = 'SL010';
end $$;

create or replace trigger salon_settingchange_append_only
    before update or delete on salon_settingchange
    for each row execute function salon_refuse_change();
create or replace trigger salon_settingchange_no_truncate before truncate on salon_settingchange
    for each statement execute function salon_refuse_change();

revoke update, delete, truncate on salon_settingchange from public, {web};
