import ShopGrains
import Synchronization

/// A payment provider that answers from a list.
final class ScriptedPayments: PaymentProvider {
    private let answers: Mutex<[Result<String, PaymentError>]>
    private let asked = Mutex<[OrderID]>([])

    init(_ answers: [Result<String, PaymentError>]) { self.answers = Mutex(answers) }

    /// For which orders it was asked.
    var orders: [OrderID] { asked.withLock { $0 } }

    func charge(_ charge: Charge) async throws -> String {
        asked.withLock { $0.append(charge.order) }
        return try answers.withLock { $0.removeFirst() }.get()
    }
}

/// A payment provider that answers when it is told to.
final class GatedPayments: PaymentProvider {
    private let (questions, question) = AsyncStream.makeStream(of: Void.self)
    private let (answers, answer) = AsyncStream.makeStream(of: Void.self)

    /// Waits until somebody asks.
    func asked() async { for await _ in questions { return } }

    /// Lets everybody have the answer.
    func open() { answer.finish() }

    func charge(_ charge: Charge) async throws -> String {
        question.yield()
        for await _ in answers {}
        return "paid"
    }
}
