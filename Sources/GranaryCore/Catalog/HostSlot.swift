public import Synchronization

/// One place for the address of a host: empty, or filled for good.
@usableFromInline
struct HostSlot: ~Copyable {
    @usableFromInline let word = Atomic<UInt>(0)

    init() {}

    @inlinable
    func address<G: Grain>(of type: G.Type) -> HostAddress<G>? {
        guard let address = UnsafeRawPointer(bitPattern: word.load(ordering: .acquiring)) else { return nil }
        return HostAddress(.fromOpaque(address))
    }

    func set<G: Grain>(_ host: GrainHost<G>) {
        word.store(UInt(bitPattern: Unmanaged.passUnretained(host).toOpaque()), ordering: .releasing)
    }
}
