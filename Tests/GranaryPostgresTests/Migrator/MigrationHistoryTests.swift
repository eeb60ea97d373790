import Testing

@testable import GranaryPostgres

@Suite("What program and database have, side by side")
struct MigrationHistoryTests {
    private let known = (1...3).map { Migration(number: $0, name: "000\($0)_step", sql: "select \($0);\n") }

    private func ledger(_ migrations: some Sequence<Migration>) -> [AppliedMigration] {
        migrations.map {
            AppliedMigration(
                number: $0.number, name: $0.name, checksum: $0.checksum, appliedAt: "2026-01-31T12:00:00Z")
        }
    }

    @Test("Everything is pending without a ledger, and with an empty one", arguments: [nil, [AppliedMigration]()])
    func everythingIsPending(_ applied: [AppliedMigration]?) {
        let history = MigrationHistory(known: known, applied: applied)
        #expect(history.refusal == nil)
        #expect(history.pending == known)
    }

    @Test("What the database has is not pending", arguments: 0...3)
    func restIsPending(_ count: Int) {
        let history = MigrationHistory(known: known, applied: ledger(known.prefix(count)))
        #expect(history.refusal == nil)
        #expect(history.pending == Array(known.dropFirst(count)))
        #expect(MigrationStatus(history).isCurrent == (count == 3))
    }

    @Test("An edited text is refused, and the message names the file")
    func editIsRefused() throws {
        var changed = known
        changed[1] = Migration(number: 2, name: "0002_step", sql: "select 2; -- better\n")
        let refusal = try #require(MigrationHistory(known: changed, applied: ledger(known)).refusal)
        #expect(refusal.code == .edited)
        #expect(refusal.message.contains("0002_step was applied at 2026-01-31T12:00:00Z"))
        #expect(refusal.message.contains(String(known[1].checksum.prefix(12))))
        #expect(refusal.message.contains(String(changed[1].checksum.prefix(12))))
        #expect(refusal.isRefusal)
        let states = MigrationStatus(MigrationHistory(known: changed, applied: ledger(known))).entries.map(\.state)
        #expect(states == [.applied, .edited, .applied])
    }

    @Test("A renamed file is refused")
    func renameIsRefused() throws {
        var changed = known
        changed[0] = Migration(number: 1, name: "0001_other", sql: known[0].sql)
        let refusal = try #require(MigrationHistory(known: changed, applied: ledger(known)).refusal)
        #expect(refusal.code == .edited)
        #expect(refusal.message.contains("0001_step") && refusal.message.contains("0001_other"))
    }

    @Test("A gap in the ledger is refused")
    func gapInTheLedgerIsRefused() throws {
        let history = MigrationHistory(known: known, applied: ledger([known[0], known[2]]))
        let refusal = try #require(history.refusal)
        #expect(refusal.code == .gap)
        #expect(refusal.message.contains("0003_step") && refusal.message.contains("number 2"))
        let status = MigrationStatus(history)
        #expect(status.entries.map(\.state) == [.applied, .missing, .applied])
        #expect(status.pending.isEmpty)
    }

    @Test("A gap in the program's list is refused")
    func gapInTheListIsRefused() throws {
        let refusal = try #require(MigrationHistory(known: [known[0], known[2]], applied: nil).refusal)
        #expect(refusal.code == .gap)
        #expect(refusal.message.contains("Migration 2 is missing"))
    }

    @Test("A number that comes twice is refused")
    func repeatedNumberIsRefused() throws {
        let refusal = try #require(MigrationHistory(known: [known[0], known[0]], applied: nil).refusal)
        #expect(refusal.code == .gap)
    }

    @Test("A database that is further than the program is refused")
    func newerIsRefused() throws {
        let history = MigrationHistory(known: Array(known.prefix(2)), applied: ledger(known))
        let refusal = try #require(history.refusal)
        #expect(refusal.code == .newer)
        #expect(refusal.message.contains("schema 3 (0003_step)") && refusal.message.contains("no more than 2"))
        #expect(MigrationStatus(history).entries.map(\.state) == [.applied, .applied, .unknown])
    }
}
