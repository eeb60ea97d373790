/// The chain of calls that a call from another silo continues.
package struct ArrivedChain: Sendable {
    /// What the caller's silo knows the call by.
    package struct Call: Hashable, Sendable {
        /// The session that it came on.
        package var link: ObjectIdentifier
        /// Its number.
        package var number: UInt64

        /// Names a call.
        package init(link: ObjectIdentifier, number: UInt64) {
            self.link = link
            self.number = number
        }
    }

    /// The call.
    package let call: Call
    /// The grain that is called.
    package let grain: GrainID
    /// The running turns that it came through, the first caller first.
    package let links: [CallChainLink]
    /// The last of them that runs in this silo and still waits.
    package let anchor: AwaitedCall?
    /// The grains that the chain came through after that.
    package let path: [GrainID]

    /// Describes a chain as it arrived.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - grain: The grain that is called.
    ///   - links: The running turns that it came through, the first caller first.
    ///   - silo: This silo.
    ///   - awaited: The call of a number that this silo waits for.
    package init(
        _ call: Call, to grain: GrainID, links: [CallChainLink], at silo: Int32, awaited: (UInt64) -> AwaitedCall?
    ) {
        self.call = call
        self.grain = grain
        self.links = links
        var found: (index: Int, call: AwaitedCall)?
        for (index, link) in links.enumerated().reversed() where link.silo == silo {
            guard let call = awaited(link.turn), call.link == link else { continue }
            found = (index, call)
            break
        }
        anchor = found?.call
        path = links[(found.map { $0.index + 1 } ?? 0)...].map(\.grain)
    }
}
