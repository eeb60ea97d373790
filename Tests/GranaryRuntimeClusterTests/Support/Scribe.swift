import Foundation
import Granary
import GranaryTesting

/// A grain with synchronous methods: their calls from other silos run without tasks of their own.
@Grain("scribe", errors: Refused.self) actor Scribe {
    @Stored(.afterEachTurn) var lines: [Int] = []
    private var notes: [Int] = []
    private let book: Book

    init(context: GrainContext<Scribe>, book: Book) {
        self.context = context
        self.book = book
    }

    /// Writes a line, which is saved at the end of the turn.
    func write(_ line: Int) { lines.append(line) }

    @ReadOnly func all() -> [Int] { lines }

    /// Writes a line and regrets it.
    func refuse(_ line: Int) throws {
        lines.append(line)
        throw Refused(entry: line)
    }

    /// Writes a line though it says that it only reads.
    @ReadOnly func tamper(_ line: Int) { lines.append(line) }

    /// Remembers a number until the activation ends.
    func note(_ number: Int) { notes.append(number) }

    /// The same in a turn that is suspended.
    func noteSlowly(_ number: Int) async {
        notes.append(number)
        await Task.yield()
    }

    func allNotes() -> [Int] { notes }

    /// Keeps the actor, and a thread, until a flag is set.
    func occupy(until flag: String) {
        book.events.record("\(context.key) is occupied")
        while !book.flag(flag).isSet { usleep(500) }
    }

    /// Whether the turn's task is cancelled.
    func isCancelled() -> Bool { Task.isCancelled }
}
