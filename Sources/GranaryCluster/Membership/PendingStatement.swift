/// A statement whose answer is awaited.
struct PendingStatement: Sendable {
    var request: StoreRequest
    var sent: Duration
}
