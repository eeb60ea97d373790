/// The way to a grain: its type's host in this process, its key and the key's hash.
public struct GrainHandle<G: Grain>: Sendable {
    @usableFromInline let address: HostAddress<G>
    @usableFromInline let key: G.Key
    @usableFromInline let hash: UInt32
    /// The time that the caller set, in milliseconds; 0 for the silo's.
    @usableFromInline var timeout: UInt32 = 0

    @inlinable
    package init(address: HostAddress<G>, key: G.Key, hash: UInt32) {
        self.address = address
        self.key = key
        self.hash = hash
    }

    @inlinable
    package init(address: HostAddress<G>, key: G.Key) {
        self.init(address: address, key: key, hash: key._tableHash)
    }

    /// Whether a call may go straight to its activation.
    @inlinable var isDirect: Bool { timeout == 0 && address.isDirect && !TaskIdentity.currentIsCancelled }
}
