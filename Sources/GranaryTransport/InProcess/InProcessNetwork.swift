package import GranaryCore
package import Logging
internal import NIOCore
internal import Synchronization

/// Joins transports of one process, with faults on demand: tests and simulations run whole clusters on it.
///
/// Sessions, frames and greetings are those of the network transport; only sockets and threads are replaced.
package final class InProcessNetwork: Sendable {
    /// Starts a piece of work that nobody waits for.
    package typealias Spawn = @Sendable (@escaping @Sendable () async -> Void) -> Void

    /// What a link between two transports does.
    private enum Condition {
        /// Bytes arrive after a while.
        case delayed(Duration)
        /// Bytes vanish and nobody is told.
        case silent
        /// There are no connections.
        case cut
    }

    private struct Pair: Hashable {
        var from: String
        var to: String
    }

    private struct State {
        var nodes: [String: InProcessTransport] = [:]
        var conditions: [Pair: Condition] = [:]
        var wires: [ObjectIdentifier: InProcessWire] = [:]
    }

    let time: any TimeSource
    let random: any RandomSource
    let spawn: Spawn
    private let thread: ThreadExecutor
    private let state = Mutex(State())

    /// Makes a network.
    ///
    /// - Parameters:
    ///   - time: What delays, pings and waits are measured by.
    ///   - random: Where session numbers and waits between attempts come from.
    ///   - spawn: Starts a piece of work. A simulation runs it on its own executor; without one it runs on a thread of the
    ///     network's, as that of sockets does.
    package init(
        time: any TimeSource = SystemTimeSource(), random: any RandomSource = SystemRandomSource(), spawn: Spawn? = nil
    ) {
        self.time = time
        self.random = random
        let thread = ThreadExecutor(named: "granary-network")
        // Without a thread the work runs on Swift's pool.
        if spawn != nil || (try? thread.start()) == nil { thread.stop() }
        self.thread = thread
        // Nobody awaits the tasks: each ends when its loop has nothing left to do, or when its timer has passed.
        self.spawn = spawn ?? { work in Task(executorPreference: thread) { await work() } }
    }

    deinit { thread.stop() }

    /// Makes a transport on this network.
    ///
    /// - Parameters:
    ///   - name: The name that faults are asked for by; letters, digits and `-`.
    ///   - isClient: Whether it is a client, which nobody dials.
    ///   - configuration: Limits and intervals; addresses and security mean nothing here.
    ///   - logger: Where refused and broken connections are reported.
    /// - Returns: The transport.
    package func transport(
        named name: String, isClient: Bool = false, configuration: TransportConfiguration = TransportConfiguration(),
        logger: Logger
    ) -> InProcessTransport {
        InProcessTransport(
            network: self, name: name, isClient: isClient, settings: configuration.engineSettings, logger: logger)
    }
}

// MARK: Faults

extension InProcessNetwork {
    /// Closes the connections between two transports and refuses new ones until ``heal(_:_:)``.
    package func cut(_ one: String, _ other: String) {
        set(.cut, one, other)
        sever(one, other)
    }

    /// Closes the connections between two transports once; new ones can be made at once.
    package func sever(_ one: String, _ other: String) {
        let wires = state.withLock { state in
            state.wires.values.filter {
                $0.owner == one && $0.remote == other || $0.owner == other && $0.remote == one
            }
        }
        for wire in wires { wire.sever() }
    }

    /// Lets everything between two transports vanish, as a dead link does, until ``heal(_:_:)``.
    package func silence(_ one: String, _ other: String) { set(.silent, one, other) }

    /// Lets everything from one transport to another vanish; the other way stays.
    package func silence(from one: String, to other: String) {
        state.withLock { $0.conditions[Pair(from: one, to: other)] = .silent }
    }

    /// Lets everything from one transport to another arrive later, in order.
    package func delay(from one: String, to other: String, by delay: Duration) {
        state.withLock { $0.conditions[Pair(from: one, to: other)] = .delayed(delay) }
    }

    /// Ends the faults between two transports.
    package func heal(_ one: String, _ other: String) { set(nil, one, other) }

    /// Stops a transport as `SIGSTOP` stops a process, or lets it go on.
    package func freeze(_ name: String, _ isFrozen: Bool) {
        state.withLock { $0.nodes[name] }?.pause(isFrozen)
    }

    /// Ends a transport as `SIGKILL` ends a process: its connections close, and nothing of it runs any more.
    package func kill(_ name: String) { _ = end(name) }

    /// Ends a transport as ``kill(_:)`` does, and waits until some others have noticed: what these send afterwards provably
    /// never starts there.
    ///
    /// - Parameters:
    ///   - name: The transport.
    ///   - others: Who notices; one that is frozen cannot.
    package func kill(_ name: String, noticedBy others: Set<String>) async {
        for wire in end(name) where others.contains(wire.owner) {
            let noticed = FirstAnswer<Bool>()
            // Behind the end of the wire.
            wire.execute { noticed.give(true) }
            _ = await noticed.value
        }
    }

    /// Ends a transport; answers the other ends of its wires.
    private func end(_ name: String) -> [InProcessWire] {
        let (node, wires) = state.withLock { state in
            (state.nodes.removeValue(forKey: name), state.wires.values.filter { $0.remote == name })
        }
        node?.pause(true)
        for wire in wires { wire.sever() }
        return wires
    }

    private func set(_ condition: Condition?, _ one: String, _ other: String) {
        state.withLock { state in
            state.conditions[Pair(from: one, to: other)] = condition
            state.conditions[Pair(from: other, to: one)] = condition
        }
    }
}

// MARK: For transports and wires

extension InProcessNetwork {
    func add(_ node: InProcessTransport) throws(TransportError) {
        let isFree = state.withLock { state in
            guard state.nodes[node.name] == nil else { return false }
            state.nodes[node.name] = node
            return true
        }
        guard isFree else { throw TransportError(.bind, "Somebody listens as \(node.name) already.") }
    }

    func remove(_ node: InProcessTransport) {
        state.withLock { state in
            if state.nodes[node.name] === node { state.nodes[node.name] = nil }
        }
    }

    func forget(_ wire: InProcessWire) { state.withLock { $0.wires[ObjectIdentifier(wire)] = nil } }

    /// How long bytes take; `nil` when they do not arrive.
    func delay(from one: String, to other: String) -> Duration? {
        switch state.withLock({ $0.conditions[Pair(from: one, to: other)] }) {
        case nil: .zero
        case .delayed(let delay): delay
        case .silent, .cut: nil
        }
    }

    /// Makes a wire between two transports, or says why there is none; `nil` is silence.
    func connect(
        _ one: InProcessTransport, to name: String, control: Bool
    ) -> Result<(InProcessWire, InProcessWire), WireFailure>? {
        let node = state.withLock { $0.nodes[name] }
        for condition in state.withLock({ state in
            [Pair(from: one.name, to: name), Pair(from: name, to: one.name)].map { state.conditions[$0] }
        }) {
            switch condition {
            case .silent: return nil
            case .cut: return .failure(.other("the link to \(name) is cut"))
            case .delayed, nil: break
            }
        }
        guard let node else { return .failure(.refused) }
        let near = InProcessWire(network: self, owner: one.name, remote: name, loop: one.loop(control: control))
        let far = InProcessWire(network: self, owner: name, remote: one.name, loop: node.loop(control: control))
        near.join(far)
        far.join(near)
        state.withLock { state in
            state.wires[ObjectIdentifier(near)] = near
            state.wires[ObjectIdentifier(far)] = far
        }
        far.execute { far.open(node.accept(far)) }
        return .success((near, far))
    }
}
