import GranaryCore

/// Reads a view from the rows of ``MembershipSQL/read``.
enum MembershipRows {
    /// Reads the view.
    ///
    /// - Parameter rows: The rows, of which each repeats the view's number and token.
    /// - Returns: The view; number 0 without a token when no silo has written the cluster's settings yet.
    /// - Throws: ``StorageError`` when a row is not as this program knows it.
    static func view(_ rows: ResultRows) throws(StorageError) -> MembershipView {
        guard rows.count > 0 else { return MembershipView(number: 0, token: "", members: []) }
        guard let number = rows.int64(0, 0), let token = rows.etag(0, 1) else { throw unknown }
        var members: [Member] = []
        for row in 0..<rows.count where rows.int32(row, 2) != nil { members.append(try member(rows, row)) }
        return MembershipView(number: number, token: token.description, members: members)
    }

    private static func member(_ rows: ResultRows, _ row: Int) throws(StorageError) -> Member {
        guard let silo = rows.int32(row, 2), let incarnation = rows.etag(row, 3), let name = rows.text(row, 4),
            let address = rows.text(row, 5), let weight = rows.int32(row, 6), let types = rows.texts(row, 7),
            let lease = rows.int32(row, 8), let joined = rows.int64(row, 10),
            let status = rows.text(row, 9).flatMap(MemberStatus.init(rawValue:))
        else { throw unknown }
        let candidate = MemberCandidate(
            incarnation: incarnation.description, name: name, address: address, weight: weight, types: types,
            leaseMilliseconds: lease, versions: MemberInfo(json: rows.json(row, 18)).versions)
        var member = Member(silo: silo, candidate: candidate, status: status, joined: joined)
        member.ringFrom = rows.int64(row, 11)
        member.ringTo = rows.int64(row, 12)
        member.ended = rows.int64(row, 13)
        member.fenced = rows.bool(row, 14) ?? false
        member.renewals = rows.int64(row, 15) ?? 0
        member.released = rows.int64(row, 16) ?? 0
        return member
    }

    private static var unknown: StorageError {
        StorageError(.schema, "The list of silos has rows that this program cannot read: run `granary migrate`.")
    }
}
