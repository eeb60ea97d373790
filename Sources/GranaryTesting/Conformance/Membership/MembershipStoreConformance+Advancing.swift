internal import GranaryCore

extension MembershipStoreConformance {
    static let advancing: [Check] = [
        Check("a member becomes active, leaving and left, and the views say since when") { trial in
            let silo = try await trial.members.member("a", .joining)
            var member = try await trial.find(silo)
            member.status = .active
            member.ringFrom = try await trial.members.advance(silo, to: .active)
            try trial.expect(try await trial.find(silo), member, "the active member")
            member.status = .leaving
            member.ringTo = try await trial.members.advance(silo, to: .leaving)
            try trial.expect(try await trial.find(silo), member, "the leaving member")
            member.status = .left
            member.ended = try await trial.members.advance(silo, to: .left)
            member.fenced = true
            try trial.expect(try await trial.find(silo), member, "the member that left")
            try trial.expect(try await trial.store.read().number, member.ended, "the newest view")
        },
        Check("a joining member may leave without ever being in a ring") { trial in
            let silo = try await trial.members.member("a", .left)
            let member = try await trial.find(silo)
            try trial.expect(member.status, .left, "the status")
            try trial.expect(member.ringFrom, nil, "the first view whose ring has it")
        },
        Check("nobody advances on a view that has moved on") { trial in
            let silo = try await trial.members.member("a", .joining)
            let old = try await trial.store.read().number
            _ = try await trial.members.member("b")
            try await trial.expectOutdated("an advance") {
                try await trial.store.advance(silo, to: .active, view: old)
            }
        },
        Check("an advance that is sent again is out of date") { trial in
            let silo = try await trial.members.member("a", .joining)
            let view = try await trial.store.read().number
            _ = try await trial.store.advance(silo, to: .active, view: view)
            try await trial.expectOutdated("the same advance") {
                try await trial.store.advance(silo, to: .active, view: view)
            }
        },
        Check("members only go forward, step by step") { trial in
            let steps: [(from: MemberStatus, to: [MemberStatus])] = [
                (.joining, [.joining, .leaving, .dead]), (.active, [.joining, .active, .left, .dead]),
                (.leaving, [.joining, .active, .leaving, .dead]), (.left, [.joining, .active, .leaving, .left, .dead]),
                (.dead, [.joining, .active, .leaving, .left, .dead]),
            ]
            for (from, targets) in steps {
                let silo = try await trial.members.member(from.rawValue, from == .dead ? .active : from)
                if from == .dead { try await trial.members.declareDead([silo]) }
                let view = try await trial.store.read().number
                for to in targets {
                    try await trial.expectRefused("\(from.rawValue) to \(to.rawValue)") {
                        _ = try await trial.store.advance(silo, to: to, view: view)
                    }
                }
            }
        },
        Check("a number that no member has cannot advance") { trial in
            let view = try await trial.store.read().number
            try await trial.expectRefused("an unknown member") {
                _ = try await trial.store.advance(.max, to: .active, view: view)
            }
        },
        Check("of many changes at once on one view, one is made") { trial in
            var silos: [Int32] = []
            for index in 0..<8 { silos.append(try await trial.members.member("\(index)", .joining)) }
            let (view, all) = (try await trial.store.read().number, silos)
            let answers = try await trial.parallel(8) { index in
                index % 2 == 0
                    ? try await trial.store.advance(all[index], to: .active, view: view)
                    : try await trial.store.declareDead([all[index]], view: view, reason: "test", proven: false)
            }
            try trial.expect(answers.compactMap(\.self), [view + 1], "the views of the changes that were made")
            let changed = try await trial.store.read().members.count { $0.status != .joining }
            try trial.expect(changed, 1, "the number of members that changed")
        },
    ]
}
