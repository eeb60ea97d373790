internal import GranaryCore

extension StateStoreConformance {
    static let groups: [Check] = [
        Check("several states of a grain are saved together") { trial in
            let writes = [trial.write("one", "1"), trial.write("two", "2"), trial.write("three", nil)]
            try trial.expect(
                try await trial.store.save(StateSave(grain: trial.grain(), writes: writes)), .saved, "the outcome")
            for write in writes { try await trial.expectStored(trial.grain(), write) }
        },
        Check("one conflict refuses all states of a save, and is the only one reported") { trial in
            let one = trial.write("one", "1")
            let two = trial.write("two", "1")
            try await trial.mustSave(trial.grain(), one, two)
            let stale = trial.write("two", over: trial.random.nextETag(), "2")
            for fresh in [trial.write("one", over: one.next, "2"), trial.write("three", "2")] {
                let outcome = try await trial.save(trial.grain(), fresh, stale)
                try trial.expectConflict(outcome, stale, stored: two.next)
            }
            try await trial.expectStored(trial.grain(), one)
            try await trial.expectStored(trial.grain(), two)
            try await trial.expectAbsent(trial.grain(), "three")
        },
        Check("all conflicts of a save are reported") { trial in
            let one = trial.write("one", "1")
            let two = trial.write("two", "1")
            try await trial.mustSave(trial.grain(), one, two)
            let outcome = try await trial.save(trial.grain(), trial.write("one", "2"), trial.write("two", "2"))
            guard case .conflict(let conflicts) = outcome else {
                throw trial.failure("a conflict", "\(outcome)")
            }
            try trial.expect(Set(conflicts.map(\.name)), ["one", "two"], "the states in conflict")
            try trial.expect(Set(conflicts.map(\.stored)), [one.next, two.next], "the stored etags")
        },
        Check("a refused save of several new states leaves no row behind") { trial in
            let stored = trial.write("one", "1")
            try await trial.mustSave(trial.grain(), stored)
            let late = [trial.write("zero", "0"), trial.write("one", "2"), trial.write("two", "2")]
            let outcome = try await trial.store.save(StateSave(grain: trial.grain(), writes: late))
            try trial.expectConflict(outcome, late[1], stored: stored.next)
            for name in ["zero", "two"] {
                try await trial.expectAbsent(trial.grain(), name)
                // A placeholder that stayed would make this a conflict.
                try await trial.mustSave(trial.grain(), trial.write(name, "3"))
            }
        },
        Check("of saves that share some states, each is applied whole or not at all") { trial in
            var base: [ETag?] = [nil, nil, nil]
            for round in 0..<20 {
                // Pairs of three states, in opposite orders: a store that locks as it goes would lock itself up.
                let pairs = [[0, 1], [1, 0], [1, 2], [2, 1], [2, 0], [0, 2]]
                let expected = base
                let writes = pairs.enumerated().map { index, pair in
                    pair.map { trial.write("s\($0)", over: expected[$0], "\(round * 10 + index)") }
                }
                let outcomes = try await trial.parallel(pairs.count) { index in
                    try await trial.store.save(StateSave(grain: trial.grain(), writes: writes[index]))
                }
                let winners = outcomes.indices.filter { outcomes[$0] == .saved }
                try trial.expect(winners.count, 1, "the number of saves that were applied in round \(round)")
                let records = try await trial.load(trial.grain(), ["s0", "s1", "s2"])
                for (place, write) in zip(pairs[winners[0]], writes[winners[0]]) { base[place] = write.next }
                try trial.expect(records.map(\.etag), base, "the etags after round \(round)")
            }
        },
    ]
}
