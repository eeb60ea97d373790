extension GrainContext {
    /// Makes a stream for a method to return: its elements are made when its reader asks for them, in turns of this grain.
    ///
    /// A turn goes on until the reader's batch is full, there are no more elements, or 100 ms are over. A step that waits
    /// holds the turn, as any method does.
    ///
    /// It can be called from code that is isolated to the grain only, which the compiler checks.
    ///
    /// - Parameters:
    ///   - state: What the first step gets.
    ///   - grain: The grain itself, whose stream it is; leave it out.
    ///   - next: Makes the next element and changes the state; `nil` ends the stream, and an error that it throws reaches the
    ///     reader after the elements that came before.
    /// - Returns: The stream.
    public func stream<State: Sendable, Element: Codable & Sendable>(
        from state: State, isolation grain: isolated G = #isolation,
        _ next: @escaping @Sendable (isolated G, inout State) async throws -> Element?
    ) -> GrainStream<Element> {
        let number = host.runtime._streams.open(UnfoldingStream(grain, from: state, next))
        // An activation that is over ends no streams any more.
        if isGone { host.runtime._streams.end(number) }
        return GrainStream(number, of: id, runtime: host.runtime)
    }
}
