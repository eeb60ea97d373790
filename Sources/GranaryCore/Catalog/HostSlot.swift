public import Synchronization

/// One place for the address of a host: empty, or filled for good.
@usableFromInline
struct HostSlot: ~Copyable {
    @usableFromInline let word = Atomic<UInt>(0)

    init() {}

    @inlinable
    func host<G: Grain>(of type: G.Type) -> GrainHost<G>? {
        guard let address = UnsafeRawPointer(bitPattern: word.load(ordering: .acquiring)) else { return nil }
        // Alive as long as the slots are: they own every host whose address they hold.
        return Unmanaged<GrainHost<G>>.fromOpaque(address).takeUnretainedValue()
    }

    func set<G: Grain>(_ host: GrainHost<G>) {
        word.store(UInt(bitPattern: Unmanaged.passUnretained(host).toOpaque()), ordering: .releasing)
    }
}
