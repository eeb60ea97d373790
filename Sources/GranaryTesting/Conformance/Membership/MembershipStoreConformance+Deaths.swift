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
        Check("a dead member can say that it serves no more, once, in a view of its own") { trial in
            let silo = try await trial.members.member("a")
            let other = try await trial.members.member("b")
            try await trial.members.declareDead([silo])
            var expected = try await trial.find(silo)
            let former = try await trial.find(other)
            let before = try await trial.store.read()
            try trial.expect(try await trial.store.proveEnd(silo), before.number + 1, "the view of the proof")
            expected.fenced = true
            try trial.expect(try await trial.find(silo), expected, "the dead member")
            try trial.expect(try await trial.find(other), former, "the other member")
            let after = try await trial.store.read()
            try trial.expect(after.number, before.number + 1, "the newest view")
            try trial.expect(after.token != before.token, "another token", found: after.token)
            try await trial.expectNothingToProve("a proof that is repeated", silo)
        },
        Check("whose end is proven, and who did not die, has nothing to prove") { trial in
            for status in [MemberStatus.joining, .active, .leaving, .left] {
                let silo = try await trial.members.member(status.rawValue, status)
                try await trial.expectNothingToProve("a proof of a member that is \(status.rawValue)", silo)
            }
            let dead = try await trial.members.member("dead")
            try await trial.members.declareDead([dead], proven: true)
            try await trial.expectNothingToProve("a proof of an end that is proven", dead)
            try await trial.expectNothingToProve("a proof of a number that no member has", .max)
        },
        Check("of many proofs at once one is recorded, whatever else changes the view") { trial in
            let silo = try await trial.members.member("a")
            try await trial.members.declareDead([silo])
            let view = try await trial.store.read().number
            let answers = try await trial.parallel(16) { index -> Int64? in
                if index % 2 == 0 { return try await trial.store.proveEnd(silo) }
                _ = try await trial.members.join(trial.members.candidate("\(index)"))
                return nil
            }
            try trial.expect(answers.compactMap(\.self).count, 1, "the number of proofs that were recorded")
            try trial.expect(try await trial.find(silo).fenced, true, "whether the end is proven")
            try trial.expect(try await trial.store.read().number, view + 9, "the newest view")
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
