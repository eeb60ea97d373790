import GranaryCore
import GranaryTestSupport
import Testing

@testable import GranaryPostgres

/// What a save answers, on a real server.
@Suite struct StateOutcomeTests {
    @Test func aStateThatWasNeverWrittenIsAbsent() async throws {
        try await Fixture.with { fixture in
            let records = try await fixture.store.load(.one("nobody"))
            #expect(records == [.absent])
        }
    }

    @Test func aSavedStateIsReadBackExactly() async throws {
        try await Fixture.with { fixture in
            let save = StateSave.one("алиса", #"{"a": "ж😀\u2028", "n": [1, 2.5, null]}"#)
            #expect(try await fixture.store.save(save) == .saved)
            let record = try await fixture.store.load(.one("алиса"))[0]
            #expect(record.etag == save.next)
            #expect(record.version == 1)
            #expect(record.text == "{\"a\": \"ж😀\u{2028}\", \"n\": [1, 2.5, null]}")
        }
    }

    @Test func aConflictNamesBothEtags() async throws {
        try await Fixture.with { fixture in
            let first = StateSave.one("a", "1")
            #expect(try await fixture.store.save(first) == .saved)
            let stale = SystemRandomSource().nextETag()
            for expected in [nil, stale] {
                let outcome = try await fixture.store.save(.one("a", "2", expected: expected))
                let conflict = StateConflict(name: "contents", expected: expected, stored: first.next)
                #expect(outcome == .conflict([conflict]))
            }
            let missing = try await fixture.store.save(.one("b", "2", expected: stale))
            #expect(missing == .conflict([StateConflict(name: "contents", expected: stale, stored: nil)]))
            #expect(try await fixture.store.load(.one("a"))[0].text == "1")
        }
    }

    @Test func clearingKeepsAnEtagSoThatAStaleAbsentConflicts() async throws {
        try await Fixture.with { fixture in
            let first = StateSave.one("a", "1")
            let clear = StateSave.one("a", nil, expected: first.next)
            #expect(try await fixture.store.save(first) == .saved)
            #expect(try await fixture.store.save(clear) == .saved)
            let record = try await fixture.store.load(.one("a"))[0]
            #expect(record.etag == clear.next)
            #expect(record.data == nil)
            let stale = try await fixture.store.save(.one("a", "2"))
            #expect(stale == .conflict([StateConflict(name: "contents", expected: nil, stored: clear.next)]))
            #expect(try await fixture.store.save(.one("a", "2", expected: clear.next)) == .saved)
        }
    }

    @Test func theSameSaveTwiceIsSaved() async throws {
        try await Fixture.with { fixture in
            let save = StateSave.one("a", "1")
            for _ in 0..<2 {
                let outcome = try await fixture.store.save(save)
                #expect(outcome == .saved)
            }
        }
    }
}
