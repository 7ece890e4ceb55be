-- What happened to a membership stays as it was written; what was agreed to, too.

create or replace trigger memberships_event_append_only
    before update or delete on memberships_event
    for each row execute function salon_refuse_change();
create or replace trigger memberships_event_no_truncate
    before truncate on memberships_event
    for each statement execute function salon_refuse_change();
revoke update, delete, truncate on memberships_event from public, {web};

create or replace function memberships_consent_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if (new.consent, new.consented_at, new.address, new.device, new.every, new.price, new.adds,
        new.tax_rate_id, new.buys, new.lasts_days, new.stays, new.joining_fee, new.billing_day,
        new.minimum_periods, new.has_trial, new.first_from, new.first_until, new.first_price,
        new.first_adds)
       is distinct from
       (old.consent, old.consented_at, old.address, old.device, old.every, old.price, old.adds,
        old.tax_rate_id, old.buys, old.lasts_days, old.stays, old.joining_fee, old.billing_day,
        old.minimum_periods, old.has_trial, old.first_from, old.first_until, old.first_price,
        old.first_adds)
    then
        raise exception '% is append-only: % is refused.', tg_table_name, lower(tg_op)
            using errcode = 'SL010';
    end if;
    return new;
end $$;

create or replace trigger memberships_enrolment_consent
    before update on memberships_enrolment
    for each row execute function memberships_consent_stays();

-- At a desk it goes with its line, while nobody is a member by it; what was agreed to online stays.
create or replace function memberships_enrolment_stays() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if old.status <> 'waiting' or old.came_from <> 'desk' then
        raise exception '% is append-only: % is refused.', tg_table_name, lower(tg_op)
            using errcode = 'SL010';
    end if;
    return old;
end $$;

create or replace trigger memberships_enrolment_stays
    before delete on memberships_enrolment
    for each row execute function memberships_enrolment_stays();
create or replace trigger memberships_enrolment_no_truncate
    before truncate on memberships_enrolment
    for each statement execute function salon_refuse_change();

-- Periods and memberships are settled, never removed.
create or replace trigger memberships_period_stays
    before delete on memberships_period
    for each row execute function salon_refuse_change();
create or replace trigger memberships_period_no_truncate
    before truncate on memberships_period
    for each statement execute function salon_refuse_change();
create or replace trigger memberships_membership_stays
    before delete on memberships_membership
    for each row execute function salon_refuse_change();
create or replace trigger memberships_membership_no_truncate
    before truncate on memberships_membership
    for each statement execute function salon_refuse_change();
revoke delete, truncate on memberships_period, memberships_membership from public, {web};
revoke truncate on memberships_enrolment from public, {web};
