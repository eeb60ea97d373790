public import Granary

/// A list of numbers that is saved with each addition, for tests of several processes.
@Grain("tally")
public actor Tally {
    @Stored var numbers: [Int] = []

    /// Adds a number; answers how many there are.
    public func add(_ number: Int) async throws -> Int {
        numbers.append(number)
        try await $numbers.save()
        return numbers.count
    }

    /// All numbers, in the order in which they were added.
    @ReadOnly public func all() -> [Int] { numbers }

    /// The process that it is in.
    @ReadOnly public func process() -> Int32 { TallyProcess.identifier }

    /// Does nothing for a while.
    public func rest(seconds: Double) async throws { try await Task.sleep(for: .seconds(seconds)) }
}
