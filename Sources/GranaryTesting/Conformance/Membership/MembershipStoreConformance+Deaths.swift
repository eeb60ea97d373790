internal import GranaryCore

extension MembershipStoreConformance {
    static let deaths: [Check] = [
        Check("live members of every status can be declared dead, all in one view") { trial in
            var silos: [Int32] = []
            for status in [MemberStatus.joining, .active, .leaving] {
                silos.append(try await trial.members.member(status.rawValue, status))
            }
            let before = try await trial.store.read()
            let view = try await trial.members.declareDead(silos)
            try trial.expect(view, before.number + 1, "the view of the deaths")
            for former in before.members {
                var member = former
                member.status = .dead
                member.ended = view
                // Who was leaving was out of the ring already.
                member.ringTo = former.ringTo ?? view
                try trial.expect(try await trial.find(member.silo), member, "the dead member")
            }
        },
        Check("a proven end is written down as such") { trial in
            let silo = try await trial.members.member()
            try await trial.members.declareDead([silo], proven: true)
            try trial.expect(try await trial.find(silo).fenced, true, "whether the end is proven")
        },
        Check("nobody is declared dead on a view that has moved on") { trial in
            let silo = try await trial.members.member("a")
            let old = try await trial.store.read().number
            _ = try await trial.members.member("b")
            try await trial.expectOutdated("a death") {
                try await trial.store.declareDead([silo], view: old, reason: "test", proven: false)
            }
        },
        Check("who has ended stays as it ended") { trial in
            let left = try await trial.members.member("a", .left)
            let dead = try await trial.members.member("b")
            try await trial.members.declareDead([dead])
            let before = try await trial.store.read().members
            try await trial.members.declareDead([left, dead])
            try trial.expect(try await trial.store.read().members, before, "the members")
        },
        Check("a death leaves other members alone") { trial in
            let dead = try await trial.members.member("a")
            let other = try await trial.members.member("b")
            let before = try await trial.find(other)
            try await trial.members.declareDead([dead])
            try trial.expect(try await trial.find(other), before, "the other member")
        },
    ]
}
