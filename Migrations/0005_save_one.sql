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
