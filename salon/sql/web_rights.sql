-- What the web's role may do with everything that the owner creates from here on. TRUNCATE is not
-- among it. Apps take away more from tables of their own: see ledger/sql/grants.sql.

grant usage on schema public to {web};

alter default privileges in schema public
    grant select, insert, update, delete on tables to {web};

alter default privileges in schema public
    grant usage, select on sequences to {web};
