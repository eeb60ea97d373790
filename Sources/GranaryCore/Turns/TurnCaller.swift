/// What a call brings to the gate.
@usableFromInline
package struct TurnCaller: Sendable {
    /// The address of the actor that calls, or zero; see ``RunningTurn``.
    @usableFromInline let actor: UInt
    /// The address of the method's name, or zero.
    @usableFromInline let method: UInt
    /// The tick at which the call gives up; 0 for the silo's usual time from now.
    @usableFromInline let deadline: UInt32

    @inlinable
    package init(_ actor: (any Actor)?, method: StaticString, deadline: UInt32 = 0) {
        self.actor = actor.map { UInt(bitPattern: ObjectIdentifier($0)) } ?? 0
        self.method = method.hasPointerRepresentation ? UInt(bitPattern: method.utf8Start) : 0
        self.deadline = deadline
    }

    package init(deadline: UInt32) {
        actor = 0
        method = 0
        self.deadline = deadline
    }
}
