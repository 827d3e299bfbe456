-- The operator's role in the maintenance database and what it may do. Runs as the superuser; safe to run again.
-- The role is no superuser and cannot make roles: for the few things that need one there are functions below, each of
-- which refuses the logins and databases that are not a user's.
begin;
set local client_min_messages = warning;
-- Two runs at a time would trip over each other's catalogue rows.
select pg_advisory_xact_lock(hashtext('cistern.login')) \g /dev/null

do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'cistern') then
    create role cistern;
  end if;
end
$$;
alter role cistern with login nosuperuser createdb nocreaterole noreplication nobypassrls password null;
alter role cistern set search_path = pg_catalog, pg_temp;
grant pg_monitor, pg_signal_backend to cistern;
do $$
begin
  if exists (select from pg_catalog.pg_roles where rolname = 'pg_use_reserved_connections') then
    grant pg_use_reserved_connections to cistern;
  end if;
end
$$;
grant execute on function pg_catalog.pg_reload_conf() to cistern;
grant execute on function pg_catalog.pg_hba_file_rules() to cistern;
grant select on pg_catalog.pg_hba_file_rules to cistern;

create schema if not exists cistern;
revoke all on schema cistern from public;
grant usage on schema cistern to cistern;

create or replace function cistern.refuse_own(login text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if login in ('postgres', 'cistern', 'replicator', 'rewinder', 'public', 'none') or login like 'pg\_%'
      or octet_length(login) not between 1 and 63
      or exists (select from pg_roles where rolname = login
          and (rolsuper or rolreplication or rolbypassrls or rolcreaterole)) then
    raise exception 'the login % is not a user''s', quote_ident(login) using errcode = 'insufficient_privilege';
  end if;
end
$$;

create or replace function cistern.set_login(login text, verifier text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform cistern.refuse_own(login);
  if verifier !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
    raise exception 'not a SCRAM verifier' using errcode = 'invalid_parameter_value';
  end if;
  if exists (select from pg_roles where rolname = login) then
    execute format('alter role %I with login password %L', login, verifier);
  else
    execute format('create role %I with login password %L', login, verifier);
  end if;
end
$$;

create or replace function cistern.give_database(name text, owner text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform cistern.refuse_own(owner);
  if name = 'postgres' or exists (select from pg_database where datname = name and datistemplate) then
    raise exception 'the database % is not a user''s', quote_ident(name) using errcode = 'insufficient_privilege';
  end if;
  execute format('alter database %I owner to %I', name, owner);
  execute format('grant connect on database %I to cistern', name);
end
$$;

-- In the maintenance database, where its view shows the statements of all databases and no dump of a user's sees it.
create or replace function cistern.enable_statements() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  create extension if not exists pg_stat_statements schema cistern;
end
$$;

create or replace function cistern.reset_statements(name text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform cistern.pg_stat_statements_reset(0::oid, (select oid from pg_database where datname = name), 0::bigint);
end
$$;

-- After a major upgrade the extension's objects are still those of the old version.
do $$
begin
  if exists (select from pg_catalog.pg_extension where extname = 'pg_stat_statements') then
    alter extension pg_stat_statements update;
  end if;
end
$$;

revoke all on function cistern.refuse_own(text), cistern.set_login(text, text), cistern.give_database(text, text),
  cistern.enable_statements(), cistern.reset_statements(text) from public;
grant execute on function cistern.set_login(text, text), cistern.give_database(text, text),
  cistern.enable_statements(), cistern.reset_statements(text) to cistern;
commit;
