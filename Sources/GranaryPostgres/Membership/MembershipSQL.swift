/// The statements of the membership store; each is one operation in autocommit.
enum MembershipSQL {
    static let read = """
        select c.view, c.token, m.silo, m.incarnation, m.name, m.address, m.weight, m.types, m.lease_ms, m.status, \
        m.joined, m.ring_from, m.ring_to, m.ended, m.fenced, l.renewals, l.released, \
        (select v.token from granary.view_log v where v.view = $1), m.info \
        from granary.cluster c left join granary.member m on true left join granary.lease l using (silo) order by m.silo
        """

    /// Gives no row when another silo writes the settings at the same moment.
    static let settle = """
        with i as (insert into granary.cluster (settings) values ($1) on conflict do nothing returning settings) \
        select settings from i union all select settings from granary.cluster limit 1
        """

    static let join = "select o_silo, o_view from granary.join($1, $2, $3, $4, $5, $6, $7, $8, $9)"

    static let advance = "select granary.advance($1, $2, $3)"

    static let renew = "select view, token, status from granary.renew($1, $2)"

    static let declareDead = "select granary.declare_dead($1, $2, $3, $4)"

    static let proveEnd = "select granary.prove_end($1)"

    /// Forgets members that ended an hour ago, and views as old.
    ///
    /// They are needed for as long as some live member has not let go of all that came from their time. The hour is for
    /// people who look at the list.
    static let sweep = """
        with f as materialized (select min(l.released) as view from granary.lease l join granary.member m using (silo) \
        where m.status in ('joining', 'active', 'leaving')), \
        v as (delete from granary.view_log where at < clock_timestamp() - interval '1 hour' \
        and view < (select view from f)), \
        m as (delete from granary.member where ended_at < clock_timestamp() - interval '1 hour' \
        and ended <= (select view from f) returning 1) \
        select count(*) from m
        """

    static let breakFence = "select granary.break_fence($1)"
}
