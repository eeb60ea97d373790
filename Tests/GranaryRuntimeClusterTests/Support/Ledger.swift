import Granary
import GranaryTesting

/// What a grain that names its errors throws.
struct Refused: Error, Codable, Hashable { var entry: Int }

/// A list of numbers that is saved with each addition.
@Grain("ledger", errors: Refused.self)
actor Ledger {
    @Stored var entries: [Int] = []
    private let book: Book
    private let silo: String
    /// Which activation of its key it is, from 1.
    private var number = 0
    private var heard: [Int] = []

    init(context: GrainContext<Ledger>, book: Book, silo: String) {
        self.context = context
        self.book = book
        self.silo = silo
    }

    func activate() async throws { number = book.begin(context.key, on: silo) }

    func deactivate(_ reason: DeactivationReason) async {
        book.events.record("\(context.key) leaves \(silo): \(reason)")
        await book.deactivateHook(context.key)
        book.end(context.key, on: silo)
    }

    /// Adds a number; answers how many there are.
    func add(_ entry: Int) async throws -> Int {
        if entry < 0 { throw Refused(entry: entry) }
        entries.append(entry)
        try await $entries.save()
        return entries.count
    }

    @ReadOnly func all() -> [Int] { entries }

    /// Answers which activation it is.
    func ping() -> Int { number }

    /// Answers on which silo it is.
    func place() -> String { silo }

    /// Waits for a latch of the book.
    func wait(for latch: String) async -> String {
        book.events.record("\(context.key) waits on \(silo)")
        await book.latch(latch).wait()
        return silo
    }

    /// Waits for a latch of the book, or for the end of the caller's patience.
    func waitPatiently(for latch: String) async throws {
        book.events.record("\(context.key) waits on \(silo)")
        do {
            try await book.latch(latch).waitUnlessCancelled()
        } catch {
            book.events.record("\(context.key) was cancelled on \(silo)")
            throw error
        }
    }

    /// Waits for a latch of the book; may run twice.
    @Idempotent func waitAgain(for latch: String) async -> String {
        book.events.record("\(context.key) waits on \(silo)")
        await book.latch(latch).wait()
        return silo
    }

    /// Ticks from now on.
    func tick(every period: Duration) {
        context.startTimer(after: period, every: period) { ledger in
            ledger.book.events.record("\(ledger.context.key) ticks on \(ledger.silo)")
        }
    }

    /// Remembers a number until the activation ends.
    func hear(_ number: Int) { heard.append(number) }

    /// What was heard, in this order.
    func allHeard() -> [Int] { heard }

    @OneWay func tell(_ number: Int) { heard.append(number) }

    /// The ledger of another key.
    func other(_ key: String) -> Ledger.Reference { context.grain(Ledger.self, key) }

    /// Asks the ledger of another key.
    func placeOf(_ key: String) async throws -> String { try await context.grain(Ledger.self, key).place() }
}
