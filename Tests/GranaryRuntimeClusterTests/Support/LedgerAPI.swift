import Granary

/// A ledger as a program sees it that does not link it.
@GrainInterface("ledger")
protocol LedgerAPI {
    func add(_ entry: Int) async throws -> Int
    func all() async throws -> [Int]
    func tell(_ number: Int) async throws
}
