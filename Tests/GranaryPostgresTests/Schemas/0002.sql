-- Granary's schema 2 as it was released, with the ledger. Written by scripts/dump-schema; never edited.
--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: granary; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA granary;


--
-- Name: advance(bigint, integer, text); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.advance(p_view bigint, p_silo integer, p_to text) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    v bigint;
begin
    if p_to = 'left' then
        perform granary.fence(array[p_silo]);
    end if;
    v := granary.bump(p_view);
    if v is null then
        return null;
    end if;
    update granary.member
    set status = p_to,
        ring_from = case when p_to = 'active' then v else ring_from end,
        ring_to = case when p_to = 'leaving' then v else ring_to end,
        ended = case when p_to = 'left' then v end,
        ended_at = case when p_to = 'left' then clock_timestamp() end,
        fenced = p_to = 'left'
    where silo = p_silo
        and (status, p_to) in (('joining', 'active'), ('active', 'leaving'), ('joining', 'left'), ('leaving', 'left'));
    if not found then
        raise exception 'silo % cannot become %', p_silo, p_to;
    end if;
    return v;
end $$;


--
-- Name: break_fence(integer); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.break_fence(p_silo integer) RETURNS bigint
    LANGUAGE sql
    AS $$
    select count(pg_terminate_backend(l.pid))
    from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database()) and l.objsubid = 1
        and (l.classid::bigint << 32 | l.objid::bigint) = granary.fence_key(p_silo)
$$;


--
-- Name: bump(bigint); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.bump(p_view bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    v bigint;
    t uuid;
begin
    update granary.cluster set view = view + 1, token = gen_random_uuid() where view = p_view returning view, token into v, t;
    if v is not null then
        insert into granary.view_log (view, token) values (v, t);
        perform pg_notify('granary', v::text);
    end if;
    return v;
end $$;


--
-- Name: declare_dead(bigint, integer[], text, boolean); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.declare_dead(p_view bigint, p_silos integer[], p_reason text, p_proven boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
declare
    v bigint;
begin
    -- Waits for their running batches; later ones queue behind this lock and see the death.
    perform granary.fence(p_silos);
    v := granary.bump(p_view);
    if v is null then
        return null;
    end if;
    update granary.member
    set status = 'dead', ring_to = coalesce(ring_to, v), ended = v, ended_at = clock_timestamp(),
        fenced = p_proven, reason = p_reason
    where silo = any(p_silos) and status in ('joining', 'active', 'leaving');
    return v;
end $$;


--
-- Name: fence(integer[]); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.fence(p_silos integer[]) RETURNS void
    LANGUAGE plpgsql
    SET lock_timeout TO '500ms'
    AS $$
declare
    s int;
begin
    for s in select distinct x from unnest(p_silos) x order by x loop
        perform pg_advisory_xact_lock(granary.fence_key(s));
    end loop;
end $$;


--
-- Name: fence_key(integer); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.fence_key(p_silo integer) RETURNS bigint
    LANGUAGE sql STABLE
    AS $$
    select ('granary.member'::regclass::oid::bigint << 32) | p_silo
$$;


--
-- Name: join(bigint, uuid, text, text, integer, text[], integer, jsonb, integer); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary."join"(p_view bigint, p_incarnation uuid, p_name text, p_address text, p_weight integer, p_types text[], p_lease_ms integer, p_info jsonb, p_supersedes integer) RETURNS TABLE(o_silo integer, o_view bigint)
    LANGUAGE plpgsql
    AS $$
begin
    return query select silo, joined from granary.member where incarnation = p_incarnation;
    if found then
        return;
    end if;
    if p_supersedes is not null then
        o_view := granary.declare_dead(p_view, array[p_supersedes], 'superseded', false);
        p_view := o_view;
    end if;
    o_view := granary.bump(p_view);
    if o_view is null then
        return;
    end if;
    insert into granary.member (incarnation, name, address, weight, types, lease_ms, info, status, joined)
    values (p_incarnation, p_name, p_address, p_weight, p_types, p_lease_ms, p_info, 'joining', o_view)
    returning silo into o_silo;
    insert into granary.lease (silo, released) values (o_silo, 0);
    return next;
end $$;


--
-- Name: renew(integer, bigint); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.renew(p_silo integer, p_released bigint) RETURNS TABLE(view bigint, token uuid, status text)
    LANGUAGE sql
    AS $$
    update granary.lease l
    set renewals = renewals + 1, released = greatest(released, p_released)
    where l.silo = p_silo
        and exists (
            select from granary.member m where m.silo = p_silo and m.status in ('joining', 'active', 'leaving'));
    select c.view, c.token, m.status from granary.cluster c left join granary.member m on m.silo = p_silo
$$;


--
-- Name: save(integer, integer[], text[], text[], text[], uuid[], uuid[], integer[], jsonb[]); Type: FUNCTION; Schema: granary; Owner: -
--

CREATE FUNCTION granary.save(p_silo integer, p_grp integer[], p_type text[], p_key text[], p_name text[], p_expected uuid[], p_next uuid[], p_version integer[], p_data jsonb[]) RETURNS TABLE(n integer, outcome text, stored uuid)
    LANGUAGE plpgsql
    SET lock_timeout TO '200ms'
    AS $$
#variable_conflict use_column
declare
    done int[];
    more int[];
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'granary.save needs READ COMMITTED';
    end if;
    -- The fence comes first, so that the check below has a snapshot taken under the lock.
    perform pg_advisory_xact_lock_shared(granary.fence_key(p_silo));
    perform from granary.member where silo = p_silo and status in ('active', 'leaving');
    if not found then
        return query select i, 'fenced', null::uuid from generate_subscripts(p_key, 1) i;
        return;
    end if;

    -- The common case: rows that exist and are as expected.
    with u as (
        update granary.state r
        set etag = i.x, version = i.v, data = i.d, updated_at = now()
        from unnest(p_grp, p_type, p_key, p_name, p_expected, p_next, p_version, p_data)
            with ordinality i(g, t, k, s, e, x, v, d, n)
        where i.g is null and (r.grain_type, r.grain_key, r.state_name) = (i.t, i.k, i.s) and r.etag = i.e
        returning i.n::int
    )
    select coalesce(array_agg(n), '{}') into done from u;

    -- New rows; for a row of a group only a placeholder, which the last part fills or leaves.
    if array_position(p_expected, null) is not null then
        with i as materialized (
            select *
            from unnest(p_grp, p_type, p_key, p_name, p_expected, p_next, p_version, p_data)
                with ordinality i(g, t, k, s, e, x, v, d, n)
            where e is null
            order by t, k, s
        ),
        a as (
            insert into granary.state (grain_type, grain_key, state_name, etag, version, data)
            select t, k, s, case when g is null then x end, v, case when g is null then d end from i
            on conflict do nothing
            returning grain_type t, grain_key k, state_name s, etag
        )
        select coalesce(array_agg(i.n::int), '{}') into more from i join a using (t, k, s) where a.etag is not null;
        done := done || more;
    end if;

    -- One row numbered 0 stands for all of them: what is common is kept short.
    if cardinality(done) = cardinality(p_key) then
        return query select 0, 'saved', null::uuid;
        return;
    end if;
    return query select d, 'saved', null::uuid from unnest(done) d;

    -- Groups, repeats and conflicts: lock in key order without waiting, then decide for each group.
    return query
    with i as materialized (
        select i.*, coalesce(i.g, -i.n) gg
        from unnest(p_grp, p_type, p_key, p_name, p_expected, p_next, p_version, p_data)
            with ordinality i(g, t, k, s, e, x, v, d, n)
        where i.n::int <> all(done)
    ),
    l as materialized (
        select i.n, r.etag
        from i join granary.state r on (r.grain_type, r.grain_key, r.state_name) = (i.t, i.k, i.s)
        order by i.t, i.k, i.s
        for no key update of r skip locked
    ),
    c as materialized (
        select i.*, l.n is not null locked, l.etag,
            bool_and(l.n is not null and l.etag is not distinct from i.e) over w apply,
            bool_and(l.n is not null and coalesce(l.etag = i.x, false)) over w already
        from i left join l using (n)
        window w as (partition by i.gg)
    ),
    u as (
        update granary.state r
        set etag = c.x, version = c.v, data = c.d, updated_at = now()
        from c
        where c.apply and (r.grain_type, r.grain_key, r.state_name) = (c.t, c.k, c.s)
        returning c.n
    )
    select c.n::int,
        case
            when u.n is not null or c.already then 'saved'
            when not c.locked and exists (
                select from granary.state r
                where (r.grain_type, r.grain_key, r.state_name) = (c.t, c.k, c.s)) then 'busy'
            when c.locked and c.etag is not distinct from c.e then 'aborted'
            else 'conflict'
        end,
        c.etag
    from c left join u using (n);
end $$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: cluster; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.cluster (
    one boolean DEFAULT true NOT NULL,
    view bigint DEFAULT 0 NOT NULL,
    token uuid DEFAULT gen_random_uuid() NOT NULL,
    settings jsonb NOT NULL,
    CONSTRAINT cluster_one_check CHECK (one)
);


--
-- Name: TABLE cluster; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.cluster IS 'The current view and the settings that all silos share; one row.';


--
-- Name: lease; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.lease (
    silo integer NOT NULL,
    renewals bigint DEFAULT 0 NOT NULL,
    released bigint NOT NULL
)
WITH (fillfactor='50');


--
-- Name: TABLE lease; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.lease IS 'What silos renew several times a second, apart from the member rows that seldom change.';


--
-- Name: member; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.member (
    silo integer NOT NULL,
    incarnation uuid NOT NULL,
    name text NOT NULL,
    address text NOT NULL,
    weight integer NOT NULL,
    types text[] NOT NULL,
    lease_ms integer NOT NULL,
    info jsonb DEFAULT '{}'::jsonb NOT NULL,
    status text NOT NULL,
    joined bigint NOT NULL,
    ring_from bigint,
    ring_to bigint,
    ended bigint,
    ended_at timestamp with time zone,
    fenced boolean DEFAULT false NOT NULL,
    reason text,
    CONSTRAINT member_status_check CHECK ((status = ANY (ARRAY['joining'::text, 'active'::text, 'leaving'::text, 'left'::text, 'dead'::text])))
);


--
-- Name: TABLE member; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.member IS 'The silos, one row for each start of one; columns that hold views say when its place in the ring changed.';


--
-- Name: member_silo_seq; Type: SEQUENCE; Schema: granary; Owner: -
--

ALTER TABLE granary.member ALTER COLUMN silo ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME granary.member_silo_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: migration; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE migration; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.migration IS 'The migrations that were applied, with the SHA-256 of their text.';


--
-- Name: state; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.state (
    grain_type text NOT NULL COLLATE pg_catalog."C",
    grain_key text NOT NULL COLLATE pg_catalog."C",
    state_name text NOT NULL COLLATE pg_catalog."C",
    etag uuid,
    version integer DEFAULT 0 NOT NULL,
    data jsonb,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='85');


--
-- Name: TABLE state; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.state IS 'The grains'' states; read them freely, write them only through granary.save.';


--
-- Name: COLUMN state.etag; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON COLUMN granary.state.etag IS 'Chosen by the writer, never repeated. Null: a placeholder, the same as no row.';


--
-- Name: COLUMN state.data; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON COLUMN granary.state.data IS 'The state as JSON; null with an etag: cleared.';


--
-- Name: view_log; Type: TABLE; Schema: granary; Owner: -
--

CREATE TABLE granary.view_log (
    view bigint NOT NULL,
    token uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


--
-- Name: TABLE view_log; Type: COMMENT; Schema: granary; Owner: -
--

COMMENT ON TABLE granary.view_log IS 'The token of every view, so that a silo notices when the database lost history.';


--
-- Name: cluster cluster_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.cluster
    ADD CONSTRAINT cluster_pkey PRIMARY KEY (one);


--
-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (silo);


--
-- Name: member member_incarnation_key; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.member
    ADD CONSTRAINT member_incarnation_key UNIQUE (incarnation);


--
-- Name: member member_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (silo);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);


--
-- Name: state state_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.state
    ADD CONSTRAINT state_pkey PRIMARY KEY (grain_type, grain_key, state_name);


--
-- Name: view_log view_log_pkey; Type: CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.view_log
    ADD CONSTRAINT view_log_pkey PRIMARY KEY (view);


--
-- Name: member_live_name; Type: INDEX; Schema: granary; Owner: -
--

CREATE UNIQUE INDEX member_live_name ON granary.member USING btree (name) WHERE (status = ANY (ARRAY['joining'::text, 'active'::text, 'leaving'::text]));


--
-- Name: lease lease_silo_fkey; Type: FK CONSTRAINT; Schema: granary; Owner: -
--

ALTER TABLE ONLY granary.lease
    ADD CONSTRAINT lease_silo_fkey FOREIGN KEY (silo) REFERENCES granary.member(silo) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--


--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Data for Name: migration; Type: TABLE DATA; Schema: granary; Owner: -
--

INSERT INTO granary.migration VALUES (1, '0001_cluster', 'b85a2b1077011da8b3232901640ff593681f211019928812049f81c68dd45be0', '2026-11-21 07:14:08.394848+00');
INSERT INTO granary.migration VALUES (2, '0002_state', '015525961d5b59167d2f3cc9488ea2160721273084e3aa7316facda0e84ac1f9', '2026-11-21 07:14:08.400173+00');


--
-- PostgreSQL database dump complete
--


