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
