public import Logging
internal import Synchronization

/// An activation's identity and its way to the silo; every grain has one as `context`.
public final class GrainContext<G: Grain>: AnyGrainContext, @unchecked Sendable {
    /// The grain's key.
    public let key: G.Key
    @usableFromInline package let host: GrainHost<G>
    package let hash: UInt32
    private let gone = Atomic<Bool>(false)

    package init(key: G.Key, hash: UInt32, host: GrainHost<G>) {
        self.key = key
        self.hash = hash
        self.host = host
        super.init()
    }

    /// The grain's identity as text: type name and key.
    override public var id: GrainID { GrainID(type: G._descriptor.name, key: key.keyText) }

    override package var stateNames: [String] { G._descriptor.stateNames }

    override package var services: StateServices { host.runtime._states }

    /// A reference to this grain, to hand to others.
    public var reference: G.Reference {
        G.Reference(_handle: GrainHandle(address: host.address, key: key, hash: hash))
    }

    /// A reference to another grain; nothing is activated by making it.
    ///
    /// - Parameters:
    ///   - type: The grain type.
    ///   - key: The key.
    /// - Returns: The reference.
    @inlinable
    public func grain<Other: Grain>(_ type: Other.Type, _ key: Other.Key) -> Other.Reference {
        Other.Reference(_handle: GrainHandle(address: host.slots.find(type) ?? address(of: type), key: key))
    }

    @usableFromInline
    func address<Other: Grain>(of type: Other.Type) -> HostAddress<Other> { host.runtime._host(type).address }

    /// A logger that names the grain.
    public var logger: Logger {
        var logger = host.runtime._logger
        logger[metadataKey: "grain"] = "\(id)"
        return logger
    }

    /// Whether the activation is over.
    package var isGone: Bool { gone.load(ordering: .relaxed) }

    package func markGone() { gone.store(true, ordering: .relaxed) }
}

extension GrainContext {
    /// Ends the activation after the turn that runs; calls that wait go to the next activation.
    ///
    /// Called from within the grain it takes effect at the end of the turn, from elsewhere as soon as no turn runs.
    ///
    /// - Parameter isolation: The grain itself; leave it out.
    public func deactivateWhenIdle(isolation: isolated (any Actor)? = #isolation) {
        if let grain = isolation as? G, grain.context === self {
            grain.assumeIsolated { $0._requestEndFromWithin(.requested) }
        } else {
            host.endWhenIdle(self, reason: .requested)
        }
    }

    /// Keeps the activation in memory for a while, even when nobody calls.
    ///
    /// A second call replaces the first. ``deactivateWhenIdle(isolation:)`` is stronger.
    ///
    /// - Parameters:
    ///   - duration: How long from now; zero takes the wish back, and ten years are for ever.
    ///   - isolation: The grain itself; leave it out.
    public func delayDeactivation(for duration: Duration, isolation: isolated (any Actor)? = #isolation) {
        guard let grain = isolation as? G, grain.context === self else { return }
        grain.assumeIsolated { $0._keep(for: duration) }
    }

    /// Saves several states of the grain in one transaction: all of them or none.
    ///
    /// - Parameter states: States of this grain, as `$name`.
    /// - Throws: ``GrainError``, as ``StateHandle/save()`` does; a conflict names every state that has one.
    nonisolated(nonsending) public func save(_ states: any SavableState...) async throws {
        var handles = StateList()
        for handle in states.map(\._core.handle) where !handles.contains(where: { $0 === handle }) {
            handles.append(handle)
        }
        guard let set = handles.first?.set, handles.allSatisfy({ $0.set === set }) else {
            throw GrainError(
                .configuration, "Only states of one activated grain can be saved together.", grain: id)
        }
        try await set.saveInTurn(handles, clearing: false)
    }

    /// Starts a timer whose ticks are turns of this activation.
    ///
    /// The period counts from the end of a tick, so ticks never overlap; an error that a tick throws is logged and the
    /// timer goes on. The timer ends with the activation; one that is started when the activation is over never ticks.
    ///
    /// It can be called from code that is isolated to the grain only, which the compiler checks.
    ///
    /// - Parameters:
    ///   - delay: The time to the first tick.
    ///   - period: The time from the end of a tick to the next one; `nil` for one tick only.
    ///   - keepsActive: Whether a tick counts as a use, so that the activation is not collected; `false` unless said
    ///     otherwise.
    ///   - grain: The grain itself, whose timer it is; leave it out.
    ///   - body: What a tick does.
    /// - Returns: A handle that ends the timer.
    @discardableResult
    public func startTimer(
        after delay: Duration, every period: Duration? = nil, keepsActive: Bool = false,
        isolation grain: isolated G = #isolation,
        _ body: @escaping @Sendable (isolated G) async throws -> Void
    ) -> any ActivationTimerHandle {
        let timer = host.runtime._startTimer(grain, after: delay, every: period, keepsActive: keepsActive, body)
        if grain.context.isGone {
            timer.cancel()
        } else {
            grain._queue.timers.append(timer)
        }
        return timer
    }
}

extension Grain {
    /// Ends the activation as soon as no turn runs.
    ///
    /// - Parameters:
    ///   - reason: Why.
    ///   - servingWaiting: Whether the calls that wait already are served first.
    package func _requestEnd(_ reason: DeactivationReason, servingWaiting: Bool = false) {
        switch _turns.status {
        case .closing, .gone: return
        case .free:
            _turns.status = .closing
            context.host.runtime._finish(self, reason: reason)
        case .exclusive, .shared, .loading:
            if _queue.leaving == nil {
                _queue.leaving = reason
                if servingWaiting { _queue.servedUpTo = context.host.runtime._waits.nextNumber() }
            }
            _turns.attention = true
        }
    }

    /// Whether the activation ends as soon as it can.
    package var _isLeaving: Bool { _turns.queue?.leaving != nil }

    /// Ends the activation after the turn that runs, if one runs.
    ///
    /// A synchronous turn leaves an idle gate open, so an open gate does not tell: the end of the turn sees the wish, and
    /// where there is no turn, the silo asks again once the actor is free.
    func _requestEndFromWithin(_ reason: DeactivationReason) {
        guard _turns.status == .free else { return _requestEnd(reason) }
        if _queue.leaving == nil { _queue.leaving = reason }
        _turns.attention = true
        context.host.runtime._states.tasks.start { [self] in await _requestEnd(reason) }
    }

    func _keep(for duration: Duration) {
        _queue.keptUntil = duration == .zero ? 0 : context.host.clock.now &+ duration.ticks
    }
}
