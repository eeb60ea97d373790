// swift-format-ignore-file
// Written by scripts/embed-migrations from Migrations/*.sql; a test compares them byte for byte.

extension Migration {
    /// The migrations of this version of Granary, in order.
    public static let all: [Migration] = [
        Migration(number: 1, name: "0001_cluster", sql: #"""
-- The cluster: its views, its members, their leases, and the fence that keeps an ended member from writing.
--
-- Applied by `granary migrate` in one transaction. A file that was released is never edited: a change is a new file.

do $$
begin
    -- A database administrator may have made the schema for a role that is not allowed to.
    if to_regnamespace('granary') is null then
        create schema granary;
    end if;
end $$;

create table granary.migration (
    number int primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default clock_timestamp()
);
comment on table granary.migration is 'The migrations that were applied, with the SHA-256 of their text.';

create table granary.cluster (
    one boolean primary key default true check (one),
    view bigint not null default 0,
    token uuid not null default gen_random_uuid(),
    settings jsonb not null
);
comment on table granary.cluster is 'The current view and the settings that all silos share; one row.';

create table granary.view_log (
    view bigint primary key,
    token uuid not null,
    at timestamptz not null default clock_timestamp()
);
comment on table granary.view_log is 'The token of every view, so that a silo notices when the database lost history.';

create table granary.member (
    silo int generated always as identity primary key,
    incarnation uuid not null unique,
    name text not null,
    address text not null,
    weight int not null,
    types text[] not null,
    lease_ms int not null,
    info jsonb not null default '{}',
    status text not null check (status in ('joining', 'active', 'leaving', 'left', 'dead')),
    joined bigint not null,
    ring_from bigint,
    ring_to bigint,
    ended bigint,
    ended_at timestamptz,
    fenced boolean not null default false,
    reason text
);
comment on table granary.member is 'The silos, one row for each start of one; columns that hold views say when its place in the ring changed.';

create unique index member_live_name on granary.member (name) where status in ('joining', 'active', 'leaving');

create table granary.lease (
    silo int primary key references granary.member on delete cascade,
    renewals bigint not null default 0,
    released bigint not null
) with (fillfactor = 50);
comment on table granary.lease is 'What silos renew several times a second, apart from the member rows that seldom change.';

-- The lock that stands for one member. The table's oid keeps two schemas of one database apart.
create function granary.fence_key(p_silo int) returns bigint
language sql stable as $$
    select ('granary.member'::regclass::oid::bigint << 32) | p_silo
$$;

-- Waits until no batch of these members runs, and holds later ones back until the end of the transaction.
create function granary.fence(p_silos int[]) returns void
language plpgsql volatile
set lock_timeout = '500ms' as $$
declare
    s int;
begin
    for s in select distinct x from unnest(p_silos) x order by x loop
        perform pg_advisory_xact_lock(granary.fence_key(s));
    end loop;
end $$;

-- The next view, if the current one is still p_view; null otherwise.
create function granary.bump(p_view bigint) returns bigint
language plpgsql volatile as $$
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

-- Records the death of members in a new view; null when p_view is no longer the current one.
create function granary.declare_dead(p_view bigint, p_silos int[], p_reason text, p_proven boolean) returns bigint
language plpgsql volatile as $$
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

-- A new member; no row when p_view is no longer the current one. A repeated join that had committed answers as before.
create function granary.join(
    p_view bigint, p_incarnation uuid, p_name text, p_address text, p_weight int, p_types text[], p_lease_ms int,
    p_info jsonb, p_supersedes int
) returns table (o_silo int, o_view bigint)
language plpgsql volatile as $$
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

-- One step in a member's life; null when p_view is no longer the current one.
create function granary.advance(p_view bigint, p_silo int, p_to text) returns bigint
language plpgsql volatile as $$
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

-- Renews a live member's lease; the status tells a member whether it still is one.
create function granary.renew(p_silo int, p_released bigint) returns table (view bigint, token uuid, status text)
language sql volatile as $$
    update granary.lease l
    set renewals = renewals + 1, released = greatest(released, p_released)
    where l.silo = p_silo
        and exists (
            select from granary.member m where m.silo = p_silo and m.status in ('joining', 'active', 'leaving'));
    select c.view, c.token, m.status from granary.cluster c left join granary.member m on m.silo = p_silo
$$;

-- Ends the database sessions that hold a member's fence, for a batch that hangs; answers how many there were.
create function granary.break_fence(p_silo int) returns bigint
language sql volatile as $$
    select count(pg_terminate_backend(l.pid))
    from pg_locks l
    where l.locktype = 'advisory' and l.granted and l.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database()) and l.objsubid = 1
        and (l.classid::bigint << 32 | l.objid::bigint) = granary.fence_key(p_silo)
$$;

"""#),
        Migration(number: 2, name: "0002_state", sql: #"""
-- The grains' states, and the one statement that writes them.

create table granary.state (
    grain_type text collate "C",
    grain_key text collate "C",
    state_name text collate "C",
    etag uuid,
    version int not null default 0,
    data jsonb,
    updated_at timestamptz not null default now(),
    primary key (grain_type, grain_key, state_name)
) with (fillfactor = 85);
comment on table granary.state is 'The grains'' states; read them freely, write them only through granary.save.';
comment on column granary.state.etag is 'Chosen by the writer, never repeated. Null: a placeholder, the same as no row.';
comment on column granary.state.data is 'The state as JSON; null with an etag: cleared.';

-- Saves a batch in the name of one member. The arrays are columns of one table, a row for each state. Rows with one
-- p_grp are saved all or none, rows without stand for themselves. Answers an outcome for every row, by its number:
--   saved     it is committed with this statement, or was before by the same save
--   conflict  the stored etag (returned) is not the expected one
--   aborted   another row of its group conflicted
--   busy      another transaction writes this row: send it again alone
--   fenced    the member has ended; nothing of the batch was written
create function granary.save(
    p_silo int, p_grp int[], p_type text[], p_key text[], p_name text[], p_expected uuid[], p_next uuid[],
    p_version int[], p_data jsonb[]
) returns table (n int, outcome text, stored uuid)
language plpgsql volatile
set lock_timeout = '200ms' as $$
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

"""#),
        Migration(number: 3, name: "0003_save", sql: #"""
-- A quicker granary.save: the rows that are as expected are counted, not listed, and the columns are unnested side by
-- side, not each into a table of its own. What it answers is as before.

create or replace function granary.save(
    p_silo int, p_grp int[], p_type text[], p_key text[], p_name text[], p_expected uuid[], p_next uuid[],
    p_version int[], p_data jsonb[]
) returns table (n int, outcome text, stored uuid)
language plpgsql volatile
set lock_timeout = '200ms' as $$
#variable_conflict use_column
declare
    updated int;
    inserted int := 0;
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
    update granary.state r
    set etag = i.x, version = i.v, data = i.d, updated_at = now()
    from (
        select unnest(p_grp) g, unnest(p_type) t, unnest(p_key) k, unnest(p_name) s, unnest(p_expected) e,
            unnest(p_next) x, unnest(p_version) v, unnest(p_data) d
    ) i
    where i.g is null and (r.grain_type, r.grain_key, r.state_name) = (i.t, i.k, i.s) and r.etag = i.e;
    get diagnostics updated = row_count;

    -- New rows; for a row of a group only a placeholder, which the last part fills or leaves.
    if array_position(p_expected, null) is not null then
        insert into granary.state (grain_type, grain_key, state_name, etag, version, data)
        select t, k, s, case when g is null then x end, v, case when g is null then d end
        from (
            select unnest(p_grp) g, unnest(p_type) t, unnest(p_key) k, unnest(p_name) s, unnest(p_expected) e,
                unnest(p_next) x, unnest(p_version) v, unnest(p_data) d
        ) i
        where e is null
        order by t, k, s
        on conflict do nothing;
        get diagnostics inserted = row_count;
    end if;

    -- One row numbered 0 stands for all of them: what is common is kept short.
    if updated + inserted = cardinality(p_key) and array_remove(p_grp, null) = '{}' then
        n := 0;
        outcome := 'saved';
        return next;
        return;
    end if;

    -- Groups, repeats and conflicts: lock in key order without waiting, then decide for each group. A row that stands
    -- for itself and has its new etag was saved above, or before by the same save.
    return query
    with a as materialized (
        select *, coalesce(g, -n) gg
        from unnest(p_grp, p_type, p_key, p_name, p_expected, p_next, p_version, p_data)
            with ordinality a(g, t, k, s, e, x, v, d, n)
    ),
    done as materialized (
        select a.n
        from a join granary.state r on (r.grain_type, r.grain_key, r.state_name) = (a.t, a.k, a.s)
        where a.g is null and r.etag = a.x
    ),
    i as materialized (
        select * from a where not exists (select from done where done.n = a.n)
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
    select done.n::int, 'saved', null::uuid from done
    union all
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

"""#),
        Migration(number: 4, name: "0004_prove_end", sql: #"""
-- A member that was declared dead while it lives says itself that it serves no more.

-- Records that a dead member serves no more, in a new view; null when there is nothing to record: it is not dead or not
-- known, or its end is proven already. It is asked on no view, since a death is for ever.
create function granary.prove_end(p_silo int) returns bigint
language plpgsql volatile as $$
declare
    v bigint;
begin
    -- Whoever changes the view holds this row: from here on this view is the newest, and what is read next stays so.
    select view into v from granary.cluster for update;
    perform from granary.member where silo = p_silo and status = 'dead' and not fenced;
    if not found then
        return null;
    end if;
    v := granary.bump(v);
    update granary.member set fenced = true where silo = p_silo;
    return v;
end $$;

"""#),
        Migration(number: 5, name: "0005_save_one", sql: #"""
-- A save of one row by itself, as most are when little is going on: no arrays, and the member is looked at with the row.

-- Saves one row in the name of one member, of which granary.save tells what the parameters are. True: the row is
-- committed with this statement. False: nothing was written, and granary.save answers why, or that it was saved before.
create function granary.save_one(
    p_silo int, p_type text, p_key text, p_name text, p_expected uuid, p_next uuid, p_version int, p_data jsonb
) returns boolean
language plpgsql volatile
set lock_timeout = '200ms' as $$
begin
    -- The fence comes first, so that the statement below has a snapshot taken under the lock. An expression and no
    -- query: to ask whether nothing is null is what costs least.
    if current_setting('transaction_isolation') <> 'read committed'
        or pg_advisory_xact_lock_shared(granary.fence_key(p_silo)) is null
    then
        return false;
    end if;
    if p_expected is null then
        insert into granary.state (grain_type, grain_key, state_name, etag, version, data)
        select p_type, p_key, p_name, p_next, p_version, p_data
        from granary.member
        where silo = p_silo and status in ('active', 'leaving')
        on conflict do nothing;
    else
        update granary.state
        set etag = p_next, version = p_version, data = p_data, updated_at = now()
        where (grain_type, grain_key, state_name) = (p_type, p_key, p_name) and etag = p_expected
            and exists (select from granary.member where silo = p_silo and status in ('active', 'leaving'));
    end if;
    return found;
end $$;

"""#),
    ]
}
