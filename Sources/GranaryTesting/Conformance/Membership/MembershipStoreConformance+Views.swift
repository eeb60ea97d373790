internal import GranaryCore

extension MembershipStoreConformance {
    static let views: [Check] = [
        Check("a new cluster has a view without members") { trial in
            try trial.expect(try await trial.store.read().members, [], "the members")
        },
        Check("reading twice gives the same view") { trial in
            _ = try await trial.members.member()
            try trial.expect(try await trial.store.read(), try await trial.store.read(), "the second view")
        },
        Check("each change has the next numbers and a token of its own") { trial in
            var views = [try await trial.store.read()]
            let silo = try await trial.members.join(trial.members.candidate()).silo
            views.append(try await trial.store.read())
            for status in [MemberStatus.active, .leaving, .left] {
                try await trial.members.advance(silo, to: status)
                views.append(try await trial.store.read())
            }
            let other = try await trial.members.join(trial.members.candidate("b")).silo
            views.append(try await trial.store.read())
            try await trial.members.declareDead([other])
            views.append(try await trial.store.read())
            for (earlier, later) in zip(views, views.dropFirst()) {
                try trial.expect(later.number, earlier.number + 1, "the number of the view after \(earlier.number)")
            }
            try trial.expect(Set(views.map(\.token)).count, views.count, "the number of different tokens")
        },
        Check("the first settings stay") { trial in
            let first = try await trial.store.settle(Array(#"{"cluster":"other"}"#.utf8))
            try trial.expect(JSONValue(first), JSONValue(ConformanceMembers.settings), "the settings")
            let again = try await trial.store.settle(ConformanceMembers.settings)
            try trial.expect(JSONValue(again), JSONValue(ConformanceMembers.settings), "the settings")
        },
        Check("all who settle at once get one answer") { trial in
            let answers = try await trial.parallel(20) { index in
                JSONValue(try await trial.store.settle(Array(#"{"cluster":"\#(index)"}"#.utf8)))
            }
            try trial.expect(Set(answers).count, 1, "the number of different settings")
        },
        Check("a store that tells of new views tells of all of them, until nobody listens") { trial in
            let told = EventRecorder<Int64>()
            guard let watch = trial.store.watch({ told.record($0) }) else { return }
            try await trial.expectTold(told, of: try await trial.store.read().number)
            let silo = try await trial.members.join(trial.members.candidate()).silo
            try await trial.expectTold(told, of: try await trial.store.read().number)
            try await trial.expectTold(told, of: try await trial.members.advance(silo, to: .active))
            try await trial.expectTold(told, of: try await trial.members.declareDead([silo]))
            let proof = try trial.require(try await trial.store.proveEnd(silo), "the view of the proof")
            try await trial.expectTold(told, of: proof)
            watch.cancel()
            let another = EventRecorder<Int64>()
            let second = trial.store.watch { another.record($0) }
            let last = try await trial.members.join(trial.members.candidate("b")).view
            try await trial.expectTold(another, of: last)
            try trial.expect(!told.all.contains(last), "no news of view \(last) after the watch ended", found: told.all)
            second?.cancel()
        },
        Check("settling changes no view") { trial in
            let before = try await trial.store.read()
            _ = try await trial.store.settle(ConformanceMembers.settings)
            try trial.expect(try await trial.store.read(), before, "the view")
        },
    ]
}
