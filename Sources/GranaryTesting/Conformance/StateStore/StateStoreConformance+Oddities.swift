internal import GranaryCore

extension StateStoreConformance {
    static let oddities: [Check] = [
        Check("keys that look alike are different rows") { trial in
            var writes: [StateWrite] = []
            for (index, key) in oddKeys.enumerated() {
                writes.append(trial.write("\(index)"))
                try await trial.mustSave(trial.grain(key), writes[index])
            }
            for (index, key) in oddKeys.enumerated() { try await trial.expectStored(trial.grain(key), writes[index]) }
        },
        Check("keys that look alike are different rows within one batch") { trial in
            let writes = oddKeys.indices.map { trial.write("\($0)") }
            let outcomes = try await trial.parallel(oddKeys.count) { index in
                try await trial.save(trial.grain(oddKeys[index]), writes[index])
            }
            try trial.expect(outcomes.allSatisfy { $0 == .saved }, "all of them saved", found: outcomes)
            _ = try await trial.parallel(oddKeys.count) { index in
                try await trial.expectStored(trial.grain(oddKeys[index]), writes[index])
            }
        },
        Check("state names and grain types may hold what keys may hold") { trial in
            for text in oddKeys where text.utf8.count < 900 {
                let write = trial.write(text, "1")
                try await trial.mustSave(trial.grain(type: text), write)
                try await trial.expectStored(trial.grain(type: text), write)
            }
        },
        Check("key and state name are kept apart") { trial in
            let first = trial.write("c", "1")
            let second = trial.write("bc", "2")
            try await trial.mustSave(trial.grain("ab"), first)
            try await trial.mustSave(trial.grain("a"), second)
            try await trial.expectStored(trial.grain("ab"), first)
            try await trial.expectStored(trial.grain("a"), second)
        },
        Check("a key with a NUL is stored whole or refused") { trial in
            do {
                let write = trial.write("1")
                if try await trial.save(trial.grain("cut\0off"), write) == .saved {
                    try await trial.expectStored(trial.grain("cut\0off"), write)
                }
            } catch let error as StorageError {
                try trial.expect(error.code.description, StorageError.Code.rejected.description, "the error's code")
            }
            try await trial.expectAbsent(trial.grain("cut"))
        },
        Check("a text with a NUL is stored whole or refused, alone") { trial in
            let before = trial.write("1")
            try await trial.mustSave(trial.grain("0"), before)
            let bad = trial.write(over: before.next, #""cut\u0000off""#)
            let good = (1..<20).map { _ in trial.write("2") }
            let outcomes = try await trial.parallel(20) { index in
                do {
                    return try await trial.save(trial.grain("\(index)"), index == 0 ? bad : good[index - 1])
                } catch let error as StorageError where index == 0 {
                    try trial.expect(error.code.description, StorageError.Code.rejected.description, "the error's code")
                    return .conflict([])
                }
            }
            try await trial.expectStored(trial.grain("0"), outcomes[0] == .saved ? bad : before)
            try trial.expect(
                outcomes.dropFirst().allSatisfy { $0 == .saved }, "19 saves of other grains", found: outcomes)
        },
        Check("a value of five megabytes comes back whole") { trial in
            let write = trial.write("\"\(String(repeating: "5 MB — ", count: 500_000))\"")
            try await trial.mustSave(trial.grain(), write)
            try await trial.expectStored(trial.grain(), write)
            let smaller = trial.write(over: write.next, "1")
            try await trial.mustSave(trial.grain(), smaller)
            try await trial.expectStored(trial.grain(), smaller)
        },
        Check("forty big values at once come back whole") { trial in
            let writes = (0..<40).map { trial.write("[\($0),\"\(String(repeating: "x", count: 200_000))\"]") }
            _ = try await trial.parallel(40) { index in
                try await trial.mustSave(trial.grain("\(index)"), writes[index])
                try await trial.expectStored(trial.grain("\(index)"), writes[index])
            }
        },
        Check("a grain may have a hundred states") { trial in
            let writes = (0..<100).map { trial.write("state \($0)", "\($0)") }
            try trial.expect(
                try await trial.store.save(StateSave(grain: trial.grain(), writes: writes)), .saved, "the outcome")
            let records = try await trial.load(trial.grain(), writes.map(\.name).reversed())
            try trial.expect(records.map(\.etag), writes.map(\.next).reversed(), "the etags")
        },
        Check("all versions come back") { trial in
            for version in [0, 1, -1, Int32.max, Int32.min] {
                let write = trial.write("1", version: version)
                try await trial.mustSave(trial.grain("\(version)"), write)
                try await trial.expectStored(trial.grain("\(version)"), write)
            }
        },
        Check("all 128 bits of an etag count") { trial in
            for (index, etag) in [
                ETag(high: 0, low: 0), ETag(high: 0, low: 1), ETag(high: 1, low: 0), ETag(high: .max, low: .max),
                ETag(high: 1 << 63, low: 0), ETag(high: 0, low: 1 << 63),
            ].enumerated() {
                var write = trial.write("1")
                write.next = etag
                try await trial.mustSave(trial.grain("\(index)"), write)
                try await trial.expectStored(trial.grain("\(index)"), write)
                for near in [ETag(high: etag.high ^ 1, low: etag.low), ETag(high: etag.high, low: etag.low ^ 1)] {
                    let stale = trial.write(over: near, "2")
                    let outcome = try await trial.save(trial.grain("\(index)"), stale)
                    try trial.expectConflict(outcome, stale, stored: etag)
                }
            }
        },
    ]

    /// Keys that some collation, some quoting, some array syntax or some normalisation would take for others.
    static let oddKeys: [String] = [
        "a", "A", "á", "a ", " a", "a\n", "a\t", "\"a\"", "'a'", "''", "a''b", "a\\", "\\", "\\\\", "\\n", "{}",
        "{a,b}", "a,b", "(a)", "NULL", "null", "%", "_", "$1", "?", ":a", "--", "/* */", "; drop table state", "ß",
        "ss", "SS", "İ", "i", "ı", "I", "\u{e9}", "e\u{301}", "\u{212b}", "\u{c5}", "A\u{30a}", "ﬁ", "fi", "１", "1",
        "01",
        "1.0", "👩‍👩‍👧‍👦", "👩👩👧👦", "🏴‍☠️", "\u{200b}", "a\u{200b}", "\u{feff}a", "\u{202e}a", "\u{7f}", "\u{1}",
        "\u{fffd}", "\u{10ffff}", "a/b", "a\u{1f}b", String(repeating: "k", count: 1_024),
        String(repeating: "ü", count: 512), String(repeating: "🛒", count: 256),
        String(repeating: "k", count: 1_023) + "l",
    ]
}
