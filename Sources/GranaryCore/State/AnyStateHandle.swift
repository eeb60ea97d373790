/// The part of a state that does not depend on its type.
@usableFromInline
package class AnyStateHandle {
    // The order is that of the memory: nothing lies between the fields.
    package internal(set) var etag: ETag?
    package internal(set) var exists = false
    /// Whether the value in memory differs from the stored one.
    @usableFromInline var isDirty = false
    /// Whether the turn that runs changed the value.
    @usableFromInline var isTouched = false
    /// Whether the stored value is known to be another one.
    var isConflicted = false
    /// Whether the value in memory must be read again before the next turn.
    var needsReload = false
    /// Whether a flush is scheduled for it.
    var isScheduled = false
    /// Whether it was dirty before the turn that runs changed it.
    var wasDirty = false
    /// Counts changes, so that a change during a save is not taken for saved.
    @usableFromInline var changes: UInt32 = 0
    /// How often it had been changed when it was last encoded for a save: of a grain only one save is under way.
    var savedChanges: UInt32 = 0
    @usableFromInline let policy: SavePolicy
    package let version: Int32
    /// The grain's states; set when the activation is bound, and gone with it.
    @usableFromInline unowned(unsafe) var set: StateSet?

    @usableFromInline
    init(policy: SavePolicy, version: Int32) {
        self.policy = policy
        self.version = version
    }

    func encode() throws -> [UInt8] { preconditionFailure("every state knows its type") }
    func apply(_ record: StateRecord, of grain: GrainID, name: String, runtime: (any GrainRuntime)?) throws {
        preconditionFailure("every state knows its type")
    }
    func reset() { preconditionFailure("every state knows its type") }
    func putBack() { preconditionFailure("every state knows its type") }
    func keep() { preconditionFailure("every state knows its type") }
}

@available(*, unavailable)
extension AnyStateHandle: Sendable {}
