import Granary
import GranaryTesting

/// A grain that keeps nothing: every silo has its own.
@Grain("helper") actor Helper {
    static let options = GrainOptions(statelessWorkers: .upTo(2))

    private let book: Book
    private let silo: String

    init(context: GrainContext<Helper>, book: Book, silo: String) {
        self.context = context
        self.book = book
        self.silo = silo
    }

    /// The silo that it runs on.
    func place() -> String { silo }

    /// Writes a word down.
    @OneWay func note(_ word: String) { book.events.record("\(word) on \(silo)") }
}
