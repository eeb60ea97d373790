internal import GranaryCore

extension StateStoreConformance {
    static let races: [Check] = [
        Check("of many first writers of a state one wins, and the others learn its etag") { trial in
            for round in 0..<10 {
                try await trial.contest(trial.grain("\(round)"), over: nil)
            }
        },
        Check("of many writers over one etag one wins, and the others learn its etag") { trial in
            for round in 0..<10 {
                let first = trial.write("0")
                try await trial.mustSave(trial.grain("\(round)"), first)
                try await trial.contest(trial.grain("\(round)"), over: first.next)
            }
        },
        Check("of many writers on two connections one wins") { trial in
            let other = try await trial.connectAgain().stateStore(writingAs: trial.silo)
            for round in 0..<10 {
                let writes = (0..<8).map { trial.write("\($0)") }
                let outcomes = try await trial.parallel(8) { index in
                    try await (index % 2 == 0 ? trial.store : other).save(
                        StateSave(grain: trial.grain("\(round)"), writes: [writes[index]]))
                }
                try trial.expect(outcomes.count { $0 == .saved }, 1, "the number of winners")
            }
        },
        Check("a hundred grains write and read in parallel, ten rounds each") { trial in
            _ = try await trial.parallel(100) { index in
                let grain = trial.grain("\(index)")
                var last: StateWrite?
                for round in 0..<10 {
                    let write = trial.write(over: last?.next, #"{"grain":\#(index),"round":\#(round)}"#)
                    try await trial.mustSave(grain, write)
                    try await trial.expectStored(grain, write)
                    last = write
                }
            }
        },
        Check("counters that many tasks raise lose nothing") { trial in
            let grain = trial.grain()
            _ = try await trial.parallel(8) { _ in
                for _ in 0..<10 { try await trial.raise(grain) }
            }
            try trial.expect(JSONValue(try await trial.load(grain).data), .integer(80), "the count")
        },
    ]
}

extension StateStoreTrial {
    /// Adds one to a number, over and over until nobody else comes between.
    func raise(_ grain: GrainID) async throws {
        for _ in 0..<10_000 {
            let read = try await load(grain)
            var count: Int64 = 0
            if case .integer(let stored) = JSONValue(read.data) { count = stored }
            if try await save(grain, write(over: read.etag, "\(count + 1)")) == .saved { return }
        }
        throw failure("a save among 10,000 that finds the etag just read", "conflicts only")
    }

    /// Lets twenty writers race for one state.
    func contest(_ grain: GrainID, over expected: ETag?) async throws {
        let writes = (0..<20).map { write(over: expected, "\($0)") }
        let outcomes = try await parallel(writes.count) { index in try await self.save(grain, writes[index]) }
        let winners = outcomes.indices.filter { outcomes[$0] == .saved }
        try expect(winners.count, 1, "the number of winners")
        for index in outcomes.indices where index != winners[0] {
            try expectConflict(outcomes[index], writes[index], stored: writes[winners[0]].next)
        }
        try await expectStored(grain, writes[winners[0]])
    }
}
