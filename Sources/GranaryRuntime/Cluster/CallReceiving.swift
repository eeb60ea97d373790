internal import GranaryCore

/// A host that takes calls from other silos.
protocol CallReceiving: GrainHosting {
    /// Takes a call in, and runs it up to the grain's gate if the grain is active, so that calls reach the grain in the
    /// order of their arrival. Does not block.
    func receive(_ call: consuming ReceivedCall, on link: any TransportLink, hash: UInt64, at desk: CallDesk)
}
