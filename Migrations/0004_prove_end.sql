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
