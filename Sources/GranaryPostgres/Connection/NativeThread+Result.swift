import GranaryCore

extension NativeThread {
    /// Runs blocking work on a thread of its own and waits for its end without blocking one of Swift's.
    ///
    /// - Parameters:
    ///   - name: At most 15 bytes are shown by tools.
    ///   - work: The work; it is not cut by cancellation.
    /// - Returns: What it returned.
    /// - Throws: What it threw, or ``StorageError`` when the system gives no more threads.
    static func result<R: Sendable>(
        named name: String, of work: @escaping @Sendable () throws -> R
    ) async throws -> R {
        try await withCheckedThrowingContinuation { continuation in
            guard !start(named: name, { continuation.resume(with: Result { try work() }) }) else { return }
            continuation.resume(
                throwing: StorageError(.unavailable, "The system gives no thread to connect to the database with."))
        }
    }
}
