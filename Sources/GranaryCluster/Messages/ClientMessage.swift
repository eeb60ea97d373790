/// What a client says to a silo beside its calls: which view it knows, and whether it wants to hear of newer ones.
package struct ClientMessage: Hashable, Sendable, Codable {
    /// The number of the newest view that it knows; 0 for none.
    package var known: Int64
    /// Whether the silo is to send each newer view as soon as it has it.
    package var watch: Bool

    /// Makes a message.
    ///
    /// - Parameters:
    ///   - known: The number of the newest view that the client knows.
    ///   - watch: Whether the silo is to send newer views.
    package init(known: Int64, watch: Bool) {
        self.known = known
        self.watch = watch
    }
}
