internal import GranaryCore

extension MembershipStoreConformance {
    static let joining: [Check] = [
        Check("a member joins with all that it says of itself") { trial in
            var candidate = trial.members.candidate()
            candidate.versions = ["Straße": GrainTypeVersion(number: 3, oldestBeside: 2)]
            let view = try await trial.store.read().number
            let joined = try trial.require(
                try await trial.store.join(candidate, view: view, superseding: nil), "a join on the newest view")
            try trial.expect(joined.view, view + 1, "the view of the join")
            let expected = Member(silo: joined.silo, candidate: candidate, status: .joining, joined: joined.view)
            try trial.expect(try await trial.find(joined.silo), expected, "the member")
            try trial.expect(try await trial.store.read().number, joined.view, "the newest view")
        },
        Check("a member joins with odd names and no types") { trial in
            var candidate = trial.members.candidate("Zürich \"1\" {a,b} \\ '; 👩‍👩‍👧‍👦")
            candidate.types = ["", "{}", "a,b", "\"", "\\", "NULL", "null", "🛒"]
            let first = try await trial.members.join(candidate).silo
            try trial.expect(try await trial.find(first).name, candidate.name, "the name")
            try trial.expect(try await trial.find(first).types, candidate.types, "the types")
            var bare = trial.members.candidate("bare")
            bare.types = []
            let second = try await trial.members.join(bare).silo
            try trial.expect(try await trial.find(second).types, [], "the types")
        },
        Check("nobody joins on a view that has moved on") { trial in
            let old = try await trial.store.read().number
            _ = try await trial.members.member()
            let late = trial.members.candidate("late")
            try await trial.expectOutdated("a join") {
                try await trial.store.join(late, view: old, superseding: nil)
            }
        },
        Check("nobody joins on a view that is yet to come") { trial in
            let future = try await trial.store.read().number + 1
            let early = trial.members.candidate("early")
            try await trial.expectOutdated("a join") {
                try await trial.store.join(early, view: future, superseding: nil)
            }
        },
        Check("joining again with the same incarnation answers the first join") { trial in
            let candidate = trial.members.candidate()
            let old = try await trial.store.read().number
            let first = try await trial.members.join(candidate)
            let before = try await trial.store.read()
            for view in [old, before.number] {
                let again = try trial.require(
                    try await trial.store.join(candidate, view: view, superseding: nil), "the first join's answer")
                try trial.expect([Int64(again.silo), again.view], [Int64(first.silo), first.view], "silo and view")
            }
            try trial.expect(try await trial.store.read(), before, "the view")
        },
        Check("of twenty who join at once on one view, one does") { trial in
            let view = try await trial.store.read().number
            let answers = try await trial.parallel(20) { index in
                try await trial.store.join(trial.members.candidate("\(index)"), view: view, superseding: nil)?.silo
            }
            try trial.expect(answers.compactMap(\.self).count, 1, "the number of joins")
            try trial.expect(try await trial.store.read().members.count, 1, "the number of members")
            try trial.expect(try await trial.store.read().number, view + 1, "the number of the view")
        },
        Check("the same member that joins twenty times at once joins once") { trial in
            let candidate = trial.members.candidate()
            _ = try await trial.parallel(20) { _ in
                while true {
                    let view = try await trial.store.read().number
                    do {
                        if try await trial.store.join(candidate, view: view, superseding: nil) != nil { return }
                    } catch let error as StorageError {
                        // A store may find the name taken before it finds its own join.
                        try trial.expect(error.code.description, StorageError.Code.cluster.description, "the code")
                    }
                }
            }
            try trial.expect(try await trial.store.read().members.count, 1, "the number of members")
        },
        Check("twenty who join at once and try again all join, one view each") { trial in
            let view = try await trial.store.read().number
            let joins = try await trial.parallel(20) { index in
                try await trial.members.join(trial.members.candidate("\(index)"))
            }
            try trial.expect(Set(joins.map(\.silo)).count, 20, "the number of different members")
            try trial.expect(Set(joins.map(\.view)), Set(view + 1...view + 20), "the views of the joins")
            try trial.expect(try await trial.store.read().number, view + 20, "the newest view")
        },
        Check("a live member's name is taken") { trial in
            _ = try await trial.members.member("a")
            let view = try await trial.store.read().number
            try await trial.expectRefused("a second live member of that name") {
                _ = try await trial.store.join(trial.members.candidate("a"), view: view, superseding: nil)
            }
        },
        Check("an ended member's name is free, and its number is not used again") { trial in
            let left = try await trial.members.member("a", .left)
            let second = try await trial.members.member("a")
            try await trial.members.declareDead([second])
            let third = try await trial.members.member("a")
            try trial.expect(left < second && second < third, "growing numbers", found: [left, second, third])
            let statuses = try await trial.store.read().members.map(\.status)
            try trial.expect(statuses, [.left, .dead, .active], "the statuses, in the order of the numbers")
        },
        Check("who supersedes a member joins, and the former one is dead") { trial in
            let former = try await trial.members.member("a")
            let view = try await trial.store.read().number
            let joined = try trial.require(
                try await trial.store.join(trial.members.candidate("a"), view: view, superseding: former), "a join")
            let dead = try await trial.find(former)
            try trial.expect(dead.status, .dead, "the former member's status")
            try trial.expect(dead.fenced, false, "whether the former member's end is proven")
            let ended = try trial.require(dead.ended, "the view in which the former member ended")
            try trial.expect(view < ended && ended <= joined.view, "an end between \(view) and the join", found: ended)
            try trial.expect(dead.ringTo, dead.ended, "the first view whose ring is without the former member")
            try trial.expect(try await trial.find(joined.silo).status, .joining, "the new member's status")
            try trial.expect(try await trial.store.read().number, joined.view, "the newest view")
        },
        Check("who supersedes on a view that has moved on ends nobody") { trial in
            let old = try await trial.store.read().number
            let former = try await trial.members.member("a")
            try await trial.expectOutdated("a join that supersedes") {
                try await trial.store.join(trial.members.candidate("a"), view: old, superseding: former)
            }
        },
    ]
}
