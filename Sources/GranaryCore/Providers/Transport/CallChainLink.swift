/// One running turn that a call came through.
package struct CallChainLink: Hashable, Sendable {
    /// The grain.
    package var grain: GrainID
    /// The number of the turn.
    package var turn: UInt64
    /// The silo that the turn runs on.
    package var silo: Int32

    /// Names a turn.
    package init(grain: GrainID, turn: UInt64, silo: Int32) {
        self.grain = grain
        self.turn = turn
        self.silo = silo
    }
}
