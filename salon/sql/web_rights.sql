-- What the web's role may do with everything that the owner creates from here on. TRUNCATE is not
-- among it. Apps take away more from tables of their own: see ledger/sql/grants.sql.

grant usage on schema public to {web};

alter default privileges in schema public
    grant select, insert, update, delete on tables to {web};

alter default privileges in schema public
    grant usage, select on sequences to {web};

-- Pages read a sale with seven tables around it. Weighing every order in which these could be joined
-- took PostgreSQL many times as long as joining them as they are written, which is right: from the one
-- row that is asked for outwards.
do $$ begin
    execute format('alter database %I set join_collapse_limit = 5', current_database());
exception when insufficient_privilege then
    raise notice 'Only its owner sets how this database plans: join_collapse_limit stays.';
end $$;
