-- Indexes that the search and the list of clients stand on, beside the trigrams of clients_client.search.
-- In byte order ("C"): a prefix is then a range, whatever the language of the database is.

-- Last name first: prefixes of last names.
create index if not exists clients_by_name on clients_client
    ((salon_search_text(last_name || ' ' || first_name) collate "C"), id);

-- First name first: the order of the list, its pages by key, and prefixes of what people are called.
create index if not exists clients_by_first_name on clients_client ((search collate "C"), id);

-- Has somebody else this e-mail address?
create index if not exists clients_by_email on clients_client (upper(email::text));
