internal import GranaryCore

extension StateStoreConformance {
    static let repeats: [Check] = [
        Check("the same save sent again is saved, once") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "2")
            for write in [first, first, second, second] { try await trial.mustSave(trial.grain(), write) }
            try await trial.expectStored(trial.grain(), second)
        },
        Check("the same clear sent again is saved") { trial in
            let first = trial.write("1")
            let clear = trial.write(over: first.next, nil)
            for write in [first, clear, clear] { try await trial.mustSave(trial.grain(), write) }
            try await trial.expectStored(trial.grain(), clear)
        },
        Check("the same save of several states sent again is saved") { trial in
            let one = trial.write("one", "1")
            let two = trial.write("two", "1")
            try await trial.mustSave(trial.grain(), one, two)
            try await trial.mustSave(trial.grain(), one, two)
            try await trial.mustSave(trial.grain(), two, one)
            try await trial.expectStored(trial.grain(), one)
            try await trial.expectStored(trial.grain(), two)
        },
        Check("a save sent again after a later one never comes back") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "2")
            let third = trial.write(over: second.next, "3")
            for write in [first, second, third] { try await trial.mustSave(trial.grain(), write) }
            for old in [first, second] {
                try trial.expectConflict(try await trial.save(trial.grain(), old), old, stored: third.next)
            }
            try await trial.expectStored(trial.grain(), third)
        },
        Check("a save of which only some states carry the next etags is not taken for done") { trial in
            let one = trial.write("one", "1")
            try await trial.mustSave(trial.grain(), one)
            let outcome = try await trial.save(trial.grain(), one, trial.write("two", "1"))
            try trial.expectConflict(outcome, one, stored: one.next)
            try await trial.expectAbsent(trial.grain(), "two")
        },
        Check("the same save sent many times at once is saved, once") { trial in
            for round in 0..<10 {
                let write = trial.write("\(round)")
                let grain = trial.grain("\(round)")
                let outcomes = try await trial.parallel(8) { _ in try await trial.save(grain, write) }
                try trial.expect(outcomes.allSatisfy { $0 == .saved }, "all of them saved", found: outcomes)
                try await trial.expectStored(grain, write)
            }
        },
    ]
}
