/// The way to a host without a count of references to it.
///
/// Every call of a type goes through its one host. A count that each call moved up and down again would be one memory word
/// that all cores fight for: with two cores it made calls of different grains four times as slow as those of one caller.
///
/// Safe because a host is never freed: ``HostSlots`` gives it a reference that is never taken back, and only hosts that
/// are filed there have an address.
@usableFromInline
package struct HostAddress<G: Grain>: Sendable {
    @usableFromInline let unmanaged: Unmanaged<GrainHost<G>>

    @inlinable
    init(_ unmanaged: Unmanaged<GrainHost<G>>) { self.unmanaged = unmanaged }

    /// The host, counted: for the ways that are not the short one.
    @inlinable package var host: GrainHost<G> { unmanaged.takeUnretainedValue() }

    /// The tick that the silo's clock shows.
    @inlinable var now: UInt32 { unmanaged._withUnsafeGuaranteedRef { $0.clock.now } }

    /// Whether calls may take the short way.
    @inlinable var isDirect: Bool {
        unmanaged._withUnsafeGuaranteedRef { $0.isDirect && (!$0.isClustered || $0.lease.isDirect) }
    }

    @inlinable
    func find(_ key: G.Key, hash: UInt32) -> G? {
        unmanaged._withUnsafeGuaranteedRef { $0.find(key, hash: hash) }
    }

    /// Another type's host in the same silo, if it is there.
    @inlinable
    func find<Other: Grain>(_ type: Other.Type) -> HostAddress<Other>? {
        unmanaged._withUnsafeGuaranteedRef { $0.slots.find(type) }
    }
}
