internal import Synchronization

/// A silo's hosts by the slot of their type, found without a lock.
///
/// A slot is written once and never changes, and a host is never freed, so whoever sees a slot filled may use it for good.
///
/// Sendable though the compiler cannot see it: the pointer is to memory that this object owns, and every word is atomic.
public final class HostSlots: @unchecked Sendable {
    /// How many grain types of one process have a slot; further ones are found under a lock.
    @usableFromInline static var capacity: Int { 1_024 }

    // Each word is zero or the address of a GrainHost, which is never freed. Written under the lock with release order, read
    // with acquire order.
    @usableFromInline let words: UnsafeMutablePointer<HostSlot>
    private let owners = Mutex<[Int: any AnyObject & Sendable]>([:])

    package init() {
        words = .allocate(capacity: Self.capacity)
        for index in 0..<Self.capacity { (words + index).initialize(to: HostSlot()) }
    }

    deinit {
        words.deinitialize(count: Self.capacity)
        words.deallocate()
    }

    /// The host of a type, if it is there.
    ///
    /// - Parameter type: The grain type.
    /// - Returns: The way to the host.
    @inlinable
    package func find<G: Grain>(_ type: G.Type) -> HostAddress<G>? {
        let slot = G._descriptor.slotNumber
        guard slot < Self.capacity else { return findSlowly(type) }
        // The slot is numbered by the type's own descriptor, so what stands there is a host of that type.
        return words[slot].address(of: type)
    }

    @usableFromInline
    func findSlowly<G: Grain>(_ type: G.Type) -> HostAddress<G>? {
        let slot = G._descriptor.slotNumber
        // As above: what is filed under a type's number is a host of that type.
        return owners.withLock { $0[slot] }.map { unsafeDowncast($0, to: GrainHost<G>.self).address }
    }

    /// Files a host; the first one of a type stays.
    ///
    /// - Parameters:
    ///   - type: The grain type.
    ///   - make: Makes the host where there is none.
    /// - Returns: The host that is filed.
    package func add<G: Grain>(_ type: G.Type, _ make: () -> GrainHost<G>) -> GrainHost<G> {
        let slot = G._descriptor.slotNumber
        return owners.withLock { owners in
            if let owner = owners[slot] { return unsafeDowncast(owner, to: GrainHost<G>.self) }
            let host = make()
            // Never released: references anywhere in the process hold its address and no count.
            _ = Unmanaged.passRetained(host)
            owners[slot] = host
            if slot < Self.capacity { words[slot].set(host) }
            return host
        }
    }
}
