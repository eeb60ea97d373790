import GranaryCore
import Testing

@testable import GranaryPostgres

/// The rules of saving as a state machine: no network, no clock.
@Suite struct SaveBatcherTests {
    typealias Batcher = SaveBatcher<Int>

    private func batcher(lanes: Int = 1, _ change: (inout Batcher.Limits) -> Void = { _ in }) -> BatcherUnderTest {
        var limits = Batcher.Limits(lanes: lanes)
        change(&limits)
        return BatcherUnderTest(Batcher(limits: limits, random: SeededRandomSource(seed: 1)))
    }

    private func keys(_ batch: SaveBatch<Int>?) -> [String]? { batch?.entries.map(\.request.grain.key) }

    private func saved(_ batch: SaveBatch<Int>) -> [SaveRowAnswer?] {
        Array(repeating: SaveRowAnswer(outcome: .saved), count: batch.rows)
    }

    private let lockTimeout = ServerError(state: .lockNotAvailable, message: "canceling statement due to lock timeout")
    private let badData = ServerError(
        state: SQLState(rawValue: "22P05"), message: "unsupported Unicode escape sequence")
    private let gone = StorageError(.unavailable, "gone")

    @Test func aLoneSaveLeavesAtOnce() throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        #expect(keys(batcher.next(at: .zero)) == ["a"])
    }

    @Test func savesGatherWhileABatchIsUnderWayAndLeaveInKeyOrder() throws {
        let batcher = batcher()
        batcher.add(.one("m", "1"), waiter: 0, at: .zero)
        let first = try #require(batcher.next(at: .zero))
        for (waiter, key) in ["b", "Z", "é", "a", "aa"].enumerated() {
            batcher.add(.one(key, "1"), waiter: waiter + 1, at: .zero)
        }
        #expect(keys(batcher.next(at: .zero)) == nil)
        #expect(batcher.answered(first, saved(first), at: .zero).map(\.waiter) == [0])
        #expect(keys(batcher.next(at: .zero)) == ["Z", "a", "aa", "b", "é"])
    }

    @Test func aGrainNeverHasTwoSavesUnderWay() throws {
        let batcher = batcher(lanes: 3)
        for waiter in 1...3 { batcher.add(.one("a", "\(waiter)"), waiter: waiter, at: .zero) }
        for waiter in 1...3 {
            let batch = try #require(batcher.next(at: .zero))
            #expect(batch.entries.map(\.waiter) == [waiter])
            #expect(keys(batcher.next(at: .zero)) == nil)
            _ = batcher.answered(batch, saved(batch), at: .zero)
        }
        #expect(batcher.isEmpty)
    }

    @Test func aSecondBatchLeavesOnceAsMuchWaitsAsIsUnderWay() throws {
        let batcher = batcher(lanes: 2)
        for key in ["a", "b", "c"] { batcher.add(.one(key, "1"), waiter: 0, at: .zero) }
        let first = try #require(batcher.next(at: .zero))
        for key in ["d", "e"] { batcher.add(.one(key, "1"), waiter: 1, at: .zero) }
        #expect(keys(batcher.next(at: .zero)) == nil)
        batcher.add(.one("f", "1"), waiter: 1, at: .zero)
        let second = try #require(batcher.next(at: .zero))
        #expect(keys(second) == ["d", "e", "f"])
        for key in 0..<9 { batcher.add(.one("g\(key)", "1"), waiter: 2, at: .zero) }
        #expect(keys(batcher.next(at: .seconds(1))) == nil)
        _ = batcher.answered(first, saved(first), at: .seconds(1))
        let third = try #require(batcher.next(at: .seconds(1)))
        #expect(third.entries.count == 9)
        // What is under way is nine now: three are too few for a lane of their own until the nine are answered.
        _ = batcher.answered(second, saved(second), at: .seconds(1))
        for key in ["h", "i", "j"] { batcher.add(.one(key, "1"), waiter: 3, at: .seconds(1)) }
        #expect(keys(batcher.next(at: .seconds(1))) == nil)
        _ = batcher.answered(third, saved(third), at: .seconds(1))
        #expect(keys(batcher.next(at: .seconds(1))) == ["h", "i", "j"])
    }

    @Test func aSecondBatchLeavesWhenTheFirstTakesLong() throws {
        let batcher = batcher(lanes: 2)
        for key in ["a", "b"] { batcher.add(.one(key, "1"), waiter: 0, at: .zero) }
        _ = try #require(batcher.next(at: .zero))
        batcher.add(.one("c", "1"), waiter: 1, at: .zero)
        #expect(keys(batcher.next(at: .zero)) == nil)
        let opening = try #require(batcher.nextDue)
        #expect(opening == BatchLanes.hesitation)
        #expect(keys(batcher.next(at: opening)) == ["c"])
    }

    @Test func aBatchKeepsItsLimits() throws {
        let batcher = batcher { limits in
            limits.rows = 3
            limits.bytes = 10
        }
        for key in ["a", "b", "c", "d"] { batcher.add(.one(key, "1"), waiter: 0, at: .zero) }
        batcher.add(.one("e", String(repeating: "1", count: 100)), waiter: 0, at: .zero)
        for expected in [["a", "b", "c"], ["d"], ["e"]] {
            let batch = try #require(batcher.next(at: .zero))
            #expect(keys(batch) == expected)
            _ = batcher.answered(batch, saved(batch), at: .zero)
        }
    }

    @Test func oneBadRowAmongGoodOnesFailsAlone() throws {
        let batcher = batcher()
        for waiter in 0..<100 { batcher.add(.one("k\(waiter)", "1"), waiter: waiter, at: .zero) }
        var failed: [Int] = []
        var done: [Int] = []
        var statements = 0
        while let batch = batcher.next(at: .zero) {
            statements += 1
            let isBad = batch.entries.contains { $0.waiter == 42 }
            let ended =
                isBad ? batcher.refused(batch, badData, at: .zero) : batcher.answered(batch, saved(batch), at: .zero)
            for resolution in ended {
                switch resolution.result {
                case .success: done.append(resolution.waiter)
                case .failure(let error):
                    failed.append(resolution.waiter)
                    #expect(error.code == .rejected)
                    #expect(error.message.contains("unsupported Unicode escape sequence"))
                }
            }
        }
        #expect(failed == [42])
        #expect(done.count == 99)
        #expect(statements <= 15, "halving takes about two statements per step")
        #expect(batcher.isEmpty)
    }

    @Test func aRowThatTheStatementForOneLeavesUnsavedIsAskedForAtOnce() throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        let first = try #require(batcher.next(at: .zero))
        #expect(first.alone?.grain.key == "a")
        #expect(batcher.answered(first, .unsaved, at: .zero).isEmpty)
        let again = try #require(batcher.next(at: .zero))
        #expect(keys(again) == ["a"])
        #expect(again.alone == nil)
        #expect(!again.isGrouped)
        let stored = SystemRandomSource().nextETag()
        let answer = SaveRowAnswer(outcome: .conflict, stored: stored)
        let ended = batcher.answered(again, [answer], at: .zero)
        let conflict = StateConflict(name: "contents", expected: nil, stored: stored)
        #expect(try ended.map { try $0.result.get() } == [.conflict([conflict])])
        #expect(batcher.isEmpty)
    }

    @Test func onlyASingleRowOfItsOwnIsTriedAlone() throws {
        let batcher = batcher()
        for key in ["a", "b"] { batcher.add(.one(key, "1"), waiter: 0, at: .zero) }
        let two = try #require(batcher.next(at: .zero))
        #expect(two.alone == nil)
        // One half of a batch that was refused must not wait for locks.
        #expect(batcher.refused(two, badData, at: .zero).isEmpty)
        let half = try #require(batcher.next(at: .zero))
        #expect(keys(half) == ["a"])
        #expect(half.alone == nil)
        var group = StateSave.one("c", "1")
        group.writes.append(StateSave.one("c", "2", name: "more").writes[0])
        #expect(SaveBatch(entries: [SaveEntry(group, waiter: 0)]).alone == nil)
    }

    @Test func whoBringsSavesNeedNotTellUntilALaneWouldTakeThem() throws {
        let batcher = batcher(lanes: 2)
        #expect(batcher.patience(at: .zero) == (1, nil))
        for key in ["a", "b", "c"] { batcher.add(.one(key, "1"), waiter: 0, at: .zero) }
        let first = try #require(batcher.next(at: .zero))
        #expect(batcher.patience(at: .zero) == (3, BatchLanes.hesitation))
        batcher.add(.one("d", "1"), waiter: 1, at: .zero)
        #expect(batcher.patience(at: .zero) == (2, BatchLanes.hesitation))
        // The answer takes long: the next save leaves at once.
        #expect(batcher.patience(at: BatchLanes.hesitation) == (1, nil))
        _ = try #require(batcher.next(at: BatchLanes.hesitation))
        // Nothing fits until a batch is answered, and of that the thread hears by itself.
        #expect(batcher.patience(at: BatchLanes.hesitation) == (.max, nil))
        _ = batcher.answered(first, saved(first), at: .seconds(1))
        #expect(batcher.patience(at: .seconds(1)) == (1, nil))
    }

    @Test func afterALockTimeoutTheBatchGoesAgainAsGroups() throws {
        let batcher = batcher()
        for waiter in 0..<3 { batcher.add(.one("k\(waiter)", "1"), waiter: waiter, at: .zero) }
        let batch = try #require(batcher.next(at: .zero))
        #expect(batcher.refused(batch, lockTimeout, at: .zero).isEmpty)
        let again = try #require(batcher.next(at: .zero))
        #expect(again.isGrouped)
        #expect(keys(again) == keys(batch))
    }

    @Test func aLostAnswerIsAskedForAgainWithTheSameEtagsUntilItIsKnown() throws {
        let batcher = batcher()
        let save = StateSave.one("a", "1")
        batcher.add(save, waiter: 1, at: .zero)
        var now = Duration.zero
        for _ in 0..<20 {
            let batch = try #require(batcher.next(at: now))
            #expect(batch.entries[0].request == save)
            #expect(batcher.lost(batch, gone, at: now).isEmpty)
            #expect(keys(batcher.next(at: now)) == nil, "it pauses first")
            now = try #require(batcher.nextDue)
        }
        let batch = try #require(batcher.next(at: now))
        let ended = batcher.answered(batch, saved(batch), at: now)
        #expect(ended.count == 1)
        #expect(try ended[0].result.get() == .saved)
    }

    @Test(arguments: [SaveRowAnswer.Outcome.conflict, .fenced])
    func afterALostAnswerAConflictOrAFenceLeavesTheOutcomeUnknown(outcome: SaveRowAnswer.Outcome) throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        _ = batcher.lost(try #require(batcher.next(at: .zero)), gone, at: .zero)
        let due = try #require(batcher.nextDue)
        let batch = try #require(batcher.next(at: due))
        let ended = batcher.answered(batch, [SaveRowAnswer(outcome: outcome, stored: nil)], at: due)
        #expect(throws: StorageError.self) { try ended[0].result.get() }
        guard case .failure(let error) = ended[0].result else { return }
        #expect(error.code == .outcomeUnknown)
    }

    @Test func whatWasNeverSentFailsAndWhatMayHaveBeenCommittedGoesOn() throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        _ = batcher.lost(try #require(batcher.next(at: .zero)), gone, at: .zero)
        let due = try #require(batcher.nextDue)
        _ = batcher.notSent(try #require(batcher.next(at: due)), gone, at: due)
        #expect(!batcher.isEmpty)
        batcher.add(.one("b", "1"), waiter: 2, at: due)
        let ended = batcher.notSent(try #require(batcher.next(at: due)), gone, at: due)
        #expect(ended.map(\.waiter) == [2])
        #expect(throws: StorageError.self) { try ended[0].result.get() }
        #expect(!batcher.isEmpty)
    }

    @Test func aBusyRowGoesAgainAloneWithoutItsBatch() throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        batcher.add(.one("b", "1"), waiter: 2, at: .zero)
        let batch = try #require(batcher.next(at: .zero))
        let answers = [SaveRowAnswer(outcome: .busy), SaveRowAnswer(outcome: .saved)]
        #expect(batcher.answered(batch, answers, at: .zero).map(\.waiter) == [2])
        let due = try #require(batcher.nextDue)
        let again = try #require(batcher.next(at: due))
        #expect(keys(again) == ["a"])
        #expect(again.isGrouped)
        let ended = batcher.answered(again, [SaveRowAnswer(outcome: .busy)], at: .seconds(60))
        guard case .failure(let error)? = ended.first?.result else {
            Issue.record("a row that stays locked fails in the end")
            return
        }
        #expect(error.code == .unavailable)
    }

    @Test func aConflictNamesTheConflictingStatesOfAGroup() throws {
        let batcher = batcher()
        let stored = ETag(high: 1, low: 2)
        var save = StateSave.one("a", "1", name: "z")
        save.writes.append(StateSave.one("a", "2", name: "b").writes[0])
        batcher.add(save, waiter: 1, at: .zero)
        let batch = try #require(batcher.next(at: .zero))
        #expect(batch.entries[0].request.writes.map(\.name) == ["b", "z"])
        let answers = [SaveRowAnswer(outcome: .aborted), SaveRowAnswer(outcome: .conflict, stored: stored)]
        let outcome = try batcher.answered(batch, answers, at: .zero)[0].result.get()
        #expect(outcome == .conflict([StateConflict(name: "z", expected: nil, stored: stored)]))
    }

    @Test func closingFailsWhatIsLeftAndTellsApartWhatMayBeCommitted() throws {
        let batcher = batcher()
        batcher.add(.one("a", "1"), waiter: 1, at: .zero)
        _ = batcher.lost(try #require(batcher.next(at: .zero)), gone, at: .zero)
        batcher.add(.one("a", "2"), waiter: 2, at: .zero)
        batcher.add(.one("b", "1"), waiter: 3, at: .zero)
        var codes: [Int: StorageError.Code] = [:]
        for resolution in batcher.abandon() {
            if case .failure(let error) = resolution.result { codes[resolution.waiter] = error.code }
        }
        #expect(codes == [1: .outcomeUnknown, 2: .unavailable, 3: .unavailable])
    }

    /// Random events: every save ends exactly once, and no grain is ever in two batches.
    @Test(arguments: 0..<50)
    func everySaveEndsOnce(seed: UInt64) throws {
        let random = SeededRandomSource(seed: seed)
        var batcher = Batcher(limits: .init(lanes: 3, rows: 8), random: random)
        var now = Duration.zero
        var underWay: [SaveBatch<Int>] = []
        var ends: [Int: Int] = [:]
        var added = 0
        for step in 0..<2_000 {
            now += .milliseconds(random.next() % 20)
            if step < 1_000, random.next() % 2 == 0 {
                batcher.add(SaveEntry(.one("k\(random.next() % 20)", "1"), waiter: added), at: now)
                added += 1
            }
            while let batch = batcher.next(at: now) {
                let grains = (underWay + [batch]).flatMap { $0.entries.map(\.request.grain) }
                try #require(Set(grains).count == grains.count)
                underWay.append(batch)
            }
            guard !underWay.isEmpty, random.next() % 3 == 0 else { continue }
            let batch = underWay.remove(at: Int(random.next() % UInt64(underWay.count)))
            let ended: [SaveResolution<Int>]
            switch random.next() % (step < 1_000 ? 6 : 1) {
            case 1: ended = batcher.lost(batch, gone, at: now)
            case 2: ended = batcher.notSent(batch, gone, at: now)
            case 3: ended = batcher.refused(batch, lockTimeout, at: now)
            case 4: ended = batcher.refused(batch, badData, at: now)
            case 5:
                let answers = batch.entries.map { _ in SaveRowAnswer(outcome: random.next() % 2 == 0 ? .busy : .saved) }
                ended = batcher.answered(batch, .rows(answers), at: now)
            default: ended = batcher.answered(batch, .rows(saved(batch)), at: now)
            }
            for resolution in ended { ends[resolution.waiter, default: 0] += 1 }
        }
        while true {
            while let batch = batcher.next(at: now) { underWay.append(batch) }
            if underWay.isEmpty, batcher.isEmpty { break }
            if underWay.isEmpty { now = try #require(batcher.nextDue) }
            for batch in underWay {
                for resolution in batcher.answered(batch, .allSaved, at: now) {
                    ends[resolution.waiter, default: 0] += 1
                }
            }
            underWay = []
        }
        #expect(ends.count == added)
        #expect(ends.values.allSatisfy { $0 == 1 })
    }
}
