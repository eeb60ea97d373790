internal import GranaryCore

extension StateStoreConformance {
    static let conflicts: [Check] = [
        Check("a save that expects no row conflicts with one that is there") { trial in
            let stored = trial.write("1")
            try await trial.mustSave(trial.grain(), stored)
            let late = trial.write("2")
            try trial.expectConflict(try await trial.save(trial.grain(), late), late, stored: stored.next)
            try await trial.expectStored(trial.grain(), stored)
        },
        Check("a save over an older etag conflicts and changes nothing") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "2")
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), second)
            let stale = trial.write(over: first.next, "3")
            try trial.expectConflict(try await trial.save(trial.grain(), stale), stale, stored: second.next)
            try await trial.expectStored(trial.grain(), second)
        },
        Check("a clear over an older etag conflicts and changes nothing") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "2")
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), second)
            let stale = trial.write(over: first.next, nil)
            try trial.expectConflict(try await trial.save(trial.grain(), stale), stale, stored: second.next)
            try await trial.expectStored(trial.grain(), second)
        },
        Check("a save over an etag conflicts where there is no row") { trial in
            let lost = trial.write(over: trial.random.nextETag(), "1")
            try trial.expectConflict(try await trial.save(trial.grain(), lost), lost, stored: nil)
            try await trial.expectAbsent(trial.grain())
        },
        Check("a save that expects no row conflicts with a cleared state") { trial in
            let first = trial.write("1")
            let clear = trial.write(over: first.next, nil)
            try await trial.mustSave(trial.grain(), first)
            try await trial.mustSave(trial.grain(), clear)
            let stale = trial.write("2")
            try trial.expectConflict(try await trial.save(trial.grain(), stale), stale, stored: clear.next)
            try await trial.expectStored(trial.grain(), clear)
        },
        Check("a value that changed and changed back conflicts with a writer from before") { trial in
            let first = trial.write("1")
            let second = trial.write(over: first.next, "2")
            let third = trial.write(over: second.next, "1")
            for write in [first, second, third] { try await trial.mustSave(trial.grain(), write) }
            let stale = trial.write(over: first.next, "9")
            try trial.expectConflict(try await trial.save(trial.grain(), stale), stale, stored: third.next)
            try await trial.expectStored(trial.grain(), third)
        },
        Check("a conflict of one grain leaves saves of others alone") { trial in
            let stored = trial.write("1")
            try await trial.mustSave(trial.grain("0"), stored)
            let writes = (0..<50).map { _ in trial.write("2") }
            let outcomes = try await trial.parallel(50) { index in
                try await trial.save(trial.grain("\(index)"), writes[index])
            }
            try trial.expectConflict(outcomes[0], writes[0], stored: stored.next)
            try trial.expect(
                outcomes.dropFirst().allSatisfy { $0 == .saved }, "49 saves of other grains", found: outcomes)
        },
    ]
}
