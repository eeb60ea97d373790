internal import Synchronization

/// One load on its way, with what is to be done once it ends or takes too long.
final class LoadOperation: Expirable {
    private let grain: GrainID
    private let completion: Mutex<(@Sendable (Result<[StateRecord], any Error>) -> Void)?>

    init(_ grain: GrainID, completion: @escaping @Sendable (Result<[StateRecord], any Error>) -> Void) {
        self.grain = grain
        self.completion = Mutex(completion)
    }

    var isFinished: Bool { completion.withLock { $0 == nil } }

    /// Hands the result on; the first one counts.
    func finish(_ result: Result<[StateRecord], any Error>) {
        let completion = completion.withLock { completion in
            defer { completion = nil }
            return completion
        }
        completion?(result)
    }

    func expire() {
        let error = GrainError(.timeout, "Loading the states of \(grain) took longer than a call may.", grain: grain)
        finish(.failure(error))
    }
}
