internal import GranaryCore
internal import Synchronization

/// A silo's hosts, found by the slot of their type or by its name.
package final class HostTable: Sendable {
    fileprivate struct State {
        var slots: [AnyObject?] = []
        var byName: [String: any GrainHosting] = [:]
    }

    // The objects are GrainHosts, which are Sendable; `AnyObject` cannot say so.
    fileprivate struct Locked: @unchecked Sendable {
        var state = State()
    }

    private let locked = Mutex(Locked())

    package init() {}

    /// The host of a type; made on first use for a type that is only called from here.
    func host<G: Grain>(_ type: G.Type, make: () -> GrainHost<G>) -> GrainHost<G> {
        let slot = G._descriptor.slotNumber
        return locked.withLock { locked in
            if slot < locked.state.slots.count, let host = locked.state.slots[slot] {
                // The slot belongs to this type alone: it is numbered by the type's own descriptor.
                return unsafeDowncast(host, to: GrainHost<G>.self)
            }
            let host = make()
            locked.set(host, slot)
            return host
        }
    }

    func add<G: Grain>(_ host: GrainHost<G>) {
        locked.withLock { locked in
            locked.set(host, G._descriptor.slotNumber)
            locked.state.byName[host.name] = host
        }
    }

    /// The host of a hosted type by its name.
    package func host(named name: String) -> (any GrainHosting)? {
        locked.withLock { $0.state.byName[name] }
    }

    /// The hosted types.
    package var all: [any GrainHosting] {
        locked.withLock { Array($0.state.byName.values) }
    }
}

extension HostTable.Locked {
    fileprivate mutating func set(_ host: AnyObject, _ slot: Int) {
        while state.slots.count <= slot { state.slots.append(nil) }
        state.slots[slot] = host
    }
}
