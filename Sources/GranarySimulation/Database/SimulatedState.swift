/// The state of a simulated grain: the calls that it has run, in their order.
package struct SimulatedState: Sendable, Hashable {
    /// The numbers of the calls whose effect is in it.
    package var calls: [UInt32] = []

    /// Makes an empty state.
    package init() {}
}
