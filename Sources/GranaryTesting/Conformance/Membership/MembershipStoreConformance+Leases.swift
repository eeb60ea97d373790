internal import GranaryCore

extension MembershipStoreConformance {
    static let leases: [Check] = [
        Check("a renewal counts, and changes no view") { trial in
            let silo = try await trial.members.member()
            var expected = try await trial.store.read()
            for count in 1...3 as ClosedRange<Int64> {
                let renewal = try await trial.store.renew(silo, released: 0)
                try trial.expect(
                    renewal, LeaseRenewal(view: expected.number, token: expected.token, status: .active), "the answer")
                expected.members[0].renewals = count
                try trial.expect(try await trial.store.read(), expected, "the view after \(count) renewals")
            }
        },
        Check("members in every live status renew, and learn it") { trial in
            for status in [MemberStatus.joining, .active, .leaving] {
                let silo = try await trial.members.member(status.rawValue, status)
                try trial.expect(try await trial.store.renew(silo, released: 0).status, status, "the status")
                try trial.expect(try await trial.find(silo).renewals, 1, "the number of renewals")
            }
        },
        Check("what a member has released only grows") { trial in
            let silo = try await trial.members.member()
            for (released, expected) in [(5, 5), (3, 5), (7, 7)] as [(Int64, Int64)] {
                _ = try await trial.store.renew(silo, released: released)
                try trial.expect(try await trial.find(silo).released, expected, "released after \(released)")
            }
        },
        Check("an ended member learns of its end and renews no more") { trial in
            let dead = try await trial.members.member("a")
            try await trial.members.declareDead([dead])
            let left = try await trial.members.member("b", .left)
            for (silo, status) in [(dead, MemberStatus.dead), (left, .left)] {
                let answer = try await trial.store.renew(silo, released: 99)
                try trial.expect(answer.status, status, "the status")
                try trial.expect(answer.view, try await trial.store.read().number, "the newest view")
                try trial.expect(try await trial.find(silo).renewals, 0, "the number of renewals")
                try trial.expect(try await trial.find(silo).released, 0, "released")
            }
        },
        Check("a number that no member has gets the view and no status") { trial in
            _ = try await trial.members.member()
            let view = try await trial.store.read()
            let answer = try await trial.store.renew(.max, released: 0)
            try trial.expect(answer, LeaseRenewal(view: view.number, token: view.token, status: nil), "the answer")
        },
        Check("a hundred renewals at once are all counted") { trial in
            let silo = try await trial.members.member()
            _ = try await trial.parallel(100) { _ in try await trial.store.renew(silo, released: 0) }
            try trial.expect(try await trial.find(silo).renewals, 100, "the number of renewals")
        },
    ]
}
