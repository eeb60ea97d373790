import Granary
import GranaryTesting

/// A grain whose results are sequences.
@Grain("well", errors: Refused.self) actor Well {
    private let book: Book
    private let silo: String

    init(context: GrainContext<Well>, book: Book, silo: String) {
        self.context = context
        self.book = book
        self.silo = silo
    }

    func place() -> String { silo }

    /// The numbers from 0; the turn that makes each is written down.
    func numbers(_ count: Int) -> GrainStream<Int> {
        context.stream(from: 0) { well, next in
            well.book.events.record("turn \(well._turnCount())")
            guard next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }

    func numbersThenThrowing(after count: Int) -> GrainStream<Int> {
        context.stream(from: 0) { well, next in
            guard next < count else { throw Refused(entry: count) }
            defer { next += 1 }
            return next
        }
    }

    /// Numbers, each of which comes when a latch is opened.
    func slowly() -> GrainStream<Int> {
        context.stream(from: 0) { well, next in
            well.book.events.record("step \(next)")
            do {
                try await well.book.latch("step \(next)").waitUnlessCancelled()
            } catch {
                well.book.events.record("step \(next) was cancelled")
                throw error
            }
            next += 1
            return next
        }
    }

    /// The numbers of another well.
    @Method("numbersOf") func numbers(of key: String, _ count: Int) async throws -> GrainStream<Int> {
        try await context.grain(Well.self, key).numbers(count)
    }
}
