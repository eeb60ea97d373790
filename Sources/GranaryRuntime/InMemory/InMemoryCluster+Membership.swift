public import GranaryCore
internal import Synchronization

extension InMemoryCluster: MembershipStore {
    /// Reads the newest view; see `MembershipStore`.
    public func read(known: Int64) async throws -> (view: MembershipView, tokenOfKnown: String?) {
        contents.withLock { contents in
            let isLogged = (1...max(contents.view, 1)).contains(known)
            return (
                MembershipView(number: contents.view, token: contents.token, members: contents.members),
                // Nothing is lost here, and a view's token is its number.
                isLogged ? String(known) : nil
            )
        }
    }

    /// Writes the settings if there are none, and reads what is there.
    ///
    /// - Parameter settings: The settings of the silo that asks.
    /// - Returns: The cluster's settings.
    /// - Throws: Nothing.
    public func settle(_ settings: [UInt8]) async throws -> [UInt8] {
        contents.withLock { contents in
            if let stored = contents.settings { return stored }
            contents.settings = settings
            return settings
        }
    }

    /// Adds a member as joining; see `MembershipStore`.
    public func join(
        _ candidate: MemberCandidate, view: Int64, superseding superseded: Int32?
    ) async throws -> (silo: Int32, view: Int64)? {
        try changing { contents in
            if let known = contents.members.first(where: { $0.incarnation == candidate.incarnation }) {
                return (known.silo, known.joined)
            }
            guard contents.view == view else { return nil }
            let namesake = contents.members.first { $0.status.isLive && $0.name == candidate.name }
            if let namesake, namesake.silo != superseded {
                throw StorageError(.cluster, "Another live silo is named \"\(candidate.name)\".")
            }
            if let superseded { contents.end([superseded], proven: false) }
            contents.bump()
            let silo = Int32(contents.members.count + 1)
            contents.members.append(
                Member(silo: silo, candidate: candidate, status: .joining, joined: contents.view))
            return (silo, contents.view)
        }
    }

    /// Moves a member forward; see `MembershipStore`.
    public func advance(_ silo: Int32, to status: MemberStatus, view: Int64) async throws -> Int64? {
        try changing { contents in
            guard contents.view == view else { return nil }
            guard let index = contents.members.firstIndex(where: { $0.silo == silo }) else {
                throw StorageError(.cluster, "there is no silo \(silo)")
            }
            let from = contents.members[index].status
            switch (from, status) {
            case (.joining, .active), (.active, .leaving), (.joining, .left), (.leaving, .left): break
            default:
                throw StorageError(.cluster, "silo \(silo) cannot become \(status.rawValue) from \(from.rawValue)")
            }
            contents.bump()
            contents.members[index].status = status
            if status == .active { contents.members[index].ringFrom = contents.view }
            if status == .leaving { contents.members[index].ringTo = contents.view }
            if status == .left {
                contents.members[index].ended = contents.view
                contents.members[index].fenced = true
            }
            return contents.view
        }
    }

    /// Renews a lease; see `MembershipStore`.
    public func renew(_ silo: Int32, released: Int64) async throws -> LeaseRenewal {
        contents.withLock { contents in
            let index = contents.members.firstIndex { $0.silo == silo }
            if let index, contents.members[index].status.isLive {
                contents.members[index].renewals += 1
                contents.members[index].released = max(contents.members[index].released, released)
            }
            return LeaseRenewal(
                view: contents.view, token: contents.token, status: index.map { contents.members[$0].status })
        }
    }

    /// Declares members dead; see `MembershipStore`.
    public func declareDead(
        _ silos: [Int32], view: Int64, reason: String, proven: Bool
    ) async throws -> Int64? {
        changing { contents in
            guard contents.view == view else { return nil }
            contents.end(silos, proven: proven)
            return contents.view
        }
    }

    /// Records that a dead member serves no more; see `MembershipStore`.
    public func proveEnd(_ silo: Int32) async throws -> Int64? {
        changing { contents in
            let dead = contents.members.firstIndex { $0.silo == silo && $0.status == .dead && !$0.fenced }
            guard let dead else { return nil }
            contents.bump()
            contents.members[dead].fenced = true
            return contents.view
        }
    }

    /// Tells of new views; see `MembershipStore`.
    public func watch(_ changed: @escaping @Sendable (Int64) -> Void) -> MembershipWatch? {
        let (number, view) = contents.withLock { contents in
            contents.watches += 1
            contents.watchers[contents.watches] = changed
            return (contents.watches, contents.view)
        }
        changed(view)
        return MembershipWatch { [self] in contents.withLock { _ = $0.watchers.removeValue(forKey: number) } }
    }

    /// Changes the contents, and tells of a new view outside of the lock.
    private func changing<R>(_ body: (inout Contents) throws -> R) rethrows -> R {
        let (result, view, watchers) = try contents.withLock { contents in
            let before = contents.view
            let result = try body(&contents)
            return (result, contents.view, contents.view == before ? [] : Array(contents.watchers.values))
        }
        for watcher in watchers { watcher(view) }
        return result
    }
}

extension InMemoryCluster.Contents {
    fileprivate mutating func bump() {
        view += 1
        token = String(view)
    }

    fileprivate mutating func end(_ silos: [Int32], proven: Bool) {
        bump()
        for index in members.indices where silos.contains(members[index].silo) && members[index].status.isLive {
            members[index].status = .dead
            members[index].ringTo = members[index].ringTo ?? view
            members[index].ended = view
            members[index].fenced = proven
        }
    }
}
