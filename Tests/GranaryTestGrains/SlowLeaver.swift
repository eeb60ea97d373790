public import Granary

/// A list like a ``Journal`` that takes 40 s to be deactivated, and writes all the while.
@Grain("slow-leaver")
public actor SlowLeaver {
    @Stored var lines: [JournalLine] = []
    private let activation = Int64.random(in: 0..<1 << 53)

    /// Adds a number; answers how many there are.
    public func add(_ number: Int64) async throws -> Int {
        lines.append(JournalLine(number, by: activation))
        try await $lines.save()
        return lines.count
    }

    /// The process that it is in.
    @ReadOnly public func process() -> Int32 { TallyProcess.identifier }

    public func deactivate(_ reason: DeactivationReason) async {
        let end = ContinuousClock.now + .seconds(40)
        var number: Int64 = 0
        while ContinuousClock.now < end {
            number -= 1
            // Refused once the silo's end is recorded, and written all the same by a silo that does not ask.
            lines.append(JournalLine(number, by: activation))
            try? await $lines.save()
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
