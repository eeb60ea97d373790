public import Granary

/// A list that is saved with each addition and says who wrote each line: what two writers at a time would have left shows.
@Grain("journal")
public actor Journal {
    @Stored var lines: [JournalLine] = []
    // As many bits as a number has in JSON everywhere.
    private let activation = Int64.random(in: 0..<1 << 53)

    /// Adds a number; answers how many there are.
    public func add(_ number: Int64) async throws -> Int {
        lines.append(JournalLine(number, by: activation))
        try await $lines.save()
        return lines.count
    }

    /// All numbers, in the order in which they were added.
    @ReadOnly public func numbers() -> [Int64] { lines.map(\.number) }

    /// The process that it is in.
    @ReadOnly public func process() -> Int32 { TallyProcess.identifier }
}
