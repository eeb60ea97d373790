public import GranaryCore

/// What goes wrong with one storage operation.
public struct StorageFault: Sendable {
    enum Kind: Sendable {
        case none
        case failBefore(any Error)
        case failAfter(any Error)
        case holdBefore(StorageHold)
        case holdAfter(StorageHold)
        case answer(StateSaveOutcome)
    }

    let kind: Kind

    private init(_ kind: Kind) { self.kind = kind }

    /// Nothing: to let operations pass before the one that shall fail.
    public static let none = StorageFault(.none)

    /// The operation does not happen, and throws.
    ///
    /// - Parameter error: What it throws.
    /// - Returns: The fault.
    public static func failBefore(_ error: any Error = StorageError.injected) -> StorageFault {
        StorageFault(.failBefore(error))
    }

    /// The operation happens, and then throws.
    ///
    /// For a save only `.outcomeUnknown` keeps the store's contract here: see ``lostAnswer``.
    ///
    /// - Parameter error: What it throws.
    /// - Returns: The fault.
    public static func failAfter(_ error: any Error = StorageError.injected) -> StorageFault {
        StorageFault(.failAfter(error))
    }

    /// The save is committed, but its acknowledgement is lost: it throws `.outcomeUnknown`.
    public static let lostAnswer = StorageFault(
        .failAfter(StorageError(.outcomeUnknown, "The answer was lost (injected).")))

    /// The save never arrived, but nobody can know: it throws `.outcomeUnknown`, and nothing is written.
    public static let lostRequest = StorageFault(
        .failBefore(StorageError(.outcomeUnknown, "The request was lost (injected).")))

    /// The operation waits before it happens, until the test lets it go.
    ///
    /// - Parameter hold: Where it waits.
    /// - Returns: The fault.
    public static func holdBefore(_ hold: StorageHold) -> StorageFault { StorageFault(.holdBefore(hold)) }

    /// The operation happens, and its answer waits until the test lets it go.
    ///
    /// - Parameter hold: Where it waits.
    /// - Returns: The fault.
    public static func holdAfter(_ hold: StorageHold) -> StorageFault { StorageFault(.holdAfter(hold)) }

    /// The save does not happen, and answers as told: for `.fenced`, or a conflict out of nothing.
    ///
    /// - Parameter outcome: The answer.
    /// - Returns: The fault.
    public static func answer(_ outcome: StateSaveOutcome) -> StorageFault { StorageFault(.answer(outcome)) }
}

extension StorageError {
    /// What an injected fault throws unless it is told otherwise: the store cannot be reached.
    public static var injected: StorageError { StorageError(.unavailable, "The store is away (injected).") }
}
