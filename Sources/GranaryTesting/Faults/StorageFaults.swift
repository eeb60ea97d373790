public import GranaryCore
internal import Synchronization

/// A plan of what goes wrong in a ``FaultyBackend`` or a ``FaultyStateStore``.
///
/// The plan is followed to the letter: faults for the next operations are taken in order, one per operation; without
/// one the standing fault of the operation applies, if any. Nothing here reads a clock, and chance comes from a seed.
public final class StorageFaults: Sendable {
    fileprivate struct Planned {
        var operation: StorageOperation
        var grain: GrainID?
        var fault: StorageFault
    }

    fileprivate struct State {
        var planned: [Planned] = []
        var standing: [StorageOperation: StorageFault] = [:]
        var begun: [StorageOperation: Int] = [:]
        var watchers: [(operation: StorageOperation, count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var chance: (rate: Double, random: SeededRandomSource)?
    }

    private let state = Mutex(State())

    /// Makes a plan in which nothing goes wrong.
    public init() {}

    /// Makes a plan in which loads and saves fail at random: before they happen, or, for saves, with a lost answer.
    ///
    /// - Parameters:
    ///   - seed: The seed; the same seed and the same operations give the same faults.
    ///   - rate: The share of operations that fail, from 0 to 1.
    public init(seed: UInt64, rate: Double) {
        state.withLock { $0.chance = (rate, SeededRandomSource(seed: seed)) }
    }

    // MARK: Planning

    /// Plans faults for the next operations of a kind, one for each.
    ///
    /// - Parameters:
    ///   - operation: The kind.
    ///   - faults: The faults, in order, after those planned before.
    ///   - grain: Counts only operations of this grain; all grains unless said otherwise.
    public func next(_ operation: StorageOperation, _ faults: StorageFault..., of grain: GrainID? = nil) {
        state.withLock { state in
            state.planned += faults.map { Planned(operation: operation, grain: grain, fault: $0) }
        }
    }

    /// Lets every operation of a kind fail from now on, except those that a fault is planned for.
    ///
    /// - Parameters:
    ///   - operation: The kind.
    ///   - fault: The fault.
    public func always(_ operation: StorageOperation, _ fault: StorageFault) {
        state.withLock { $0.standing[operation] = fault }
    }

    /// Takes the store away: loads, saves and renewals fail before they happen, until ``restore()``.
    public func takeAway() {
        for operation in [StorageOperation.load, .save, .renew, .membership] { always(operation, .failBefore()) }
    }

    /// Ends all faults, planned and standing ones.
    public func restore() {
        state.withLock { state in
            state.planned = []
            state.standing = [:]
            state.chance = nil
        }
    }

    // MARK: Watching

    /// How many operations of a kind have begun, those that failed included.
    ///
    /// - Parameter operation: The kind.
    /// - Returns: The number.
    public func count(_ operation: StorageOperation) -> Int { state.withLock { $0.begun[operation] ?? 0 } }

    /// Waits until at least so many operations of a kind have begun.
    ///
    /// - Parameters:
    ///   - operation: The kind.
    ///   - count: How many since the plan was made.
    public func begun(_ operation: StorageOperation, atLeast count: Int) async {
        await withCheckedContinuation { continuation in
            let isReached = state.withLock { state in
                if state.begun[operation] ?? 0 >= count { return true }
                state.watchers.append((operation, count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    // MARK: Following the plan

    /// Runs an operation as the plan wants it.
    func run<R: Sendable>(
        _ operation: StorageOperation, of grain: GrainID? = nil, answer: (StateSaveOutcome) -> R? = { _ in nil },
        _ body: () async throws -> R
    ) async throws -> R {
        switch take(operation, grain).kind {
        case .none:
            return try await body()
        case .failBefore(let error):
            throw error
        case .failAfter(let error):
            _ = try await body()
            throw error
        case .holdBefore(let hold):
            await hold.wait()
            return try await body()
        case .holdAfter(let hold):
            let result = try await body()
            await hold.wait()
            return result
        case .answer(let outcome):
            guard let result = answer(outcome) else { return try await body() }
            return result
        }
    }

    private func take(_ operation: StorageOperation, _ grain: GrainID?) -> StorageFault {
        let (fault, watchers) = state.withLock { state in
            let begun = (state.begun[operation] ?? 0) + 1
            state.begun[operation] = begun
            let watchers = state.watchers.filter { $0.operation == operation && $0.count <= begun }
            state.watchers.removeAll { $0.operation == operation && $0.count <= begun }
            return (state.fault(operation, grain), watchers)
        }
        for watcher in watchers { watcher.continuation.resume() }
        return fault
    }
}

extension StorageFaults.State {
    fileprivate mutating func fault(_ operation: StorageOperation, _ grain: GrainID?) -> StorageFault {
        let index = planned.firstIndex { $0.operation == operation && ($0.grain == nil || $0.grain == grain) }
        if let index { return planned.remove(at: index).fault }
        if let fault = standing[operation] { return fault }
        guard let chance, operation == .load || operation == .save else { return .none }
        let number = chance.random.next()
        guard Double(number >> 11) / Double(1 << 53) < chance.rate else { return .none }
        return operation == .save && number & 1 == 1 ? .lostAnswer : .failBefore()
    }
}
