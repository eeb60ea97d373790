// The gate's slow side: waiting, overlapping reads, handing over. All of it isolated to the grain.
extension Grain {
    /// Enters the gate: at once if it may, else in order of arrival.
    ///
    /// Returns with the gate set for this turn.
    @usableFromInline
    func _enter(_ host: GrainHost<Self>, _ caller: TurnCaller, isReadOnly: Bool) async throws {
        let waits = host.runtime._waits
        switch _turns.status {
        case .free:
            _turns.status = isReadOnly ? .shared : .exclusive
            if isReadOnly { _queue.readers = 1 }
            return
        case .shared where isReadOnly:
            // A writer that gave up holds nobody back.
            while _turns.queue?.waiting.first?.isFinished == true { _turns.queue?.waiting.removeFirst() }
            // Behind a waiting writer, or the end of the activation, only if this call is not itself part of a read that
            // runs. While it is not known what is stored, nobody begins to read.
            let isOpen =
                _turns.queue?.leaving == nil
                && ((_turns.queue?.waiting.isEmpty ?? true) || _turns.queue?.isFlushing == true)
            if _turns.states?.unresolved == nil, isOpen || _holdsTurn(waits) {
                _queue.readers += 1
                return
            }
        case .gone:
            if let failure = _turns.queue?.failure { throw failure }
            throw GateClosed()
        case .exclusive, .shared, .loading, .closing:
            if _holdsTurn(waits) { throw await _deadlock(caller, waits) }
        }
        let now = host.clock.now
        let queue = _queue
        if queue.waiting.count >= host.options.queueLimit {
            queue.waiting.removeAll { $0.isFinished }
            if queue.waiting.count >= host.options.queueLimit {
                throw GrainError(
                    .overloaded,
                    "\(host.options.queueLimit) calls already wait for \(context.id); the call did not start. "
                        + "Try again later, spread the load over more grains, or raise the queue limit.",
                    grain: context.id)
            }
        }
        let deadline = caller.deadline != 0 ? caller.deadline : now &+ host.options.callTicks
        let waiter = TurnWaiter(
            grain: self, task: .current, isReadOnly: isReadOnly, began: now, deadline: deadline,
            number: waits.nextNumber())
        queue.waiting.append(waiter)
        _turns.attention = true
        waits.add(waiter)
        let outcome = await withTaskCancellationHandler {
            await waiter.value()
        } onCancel: {
            waiter.finish(.cancelled)
        }
        switch outcome {
        case .admitted:
            // The lease may have run out while the call waited: it goes round again and waits for the next one.
            if host.lease.isOpen { return }
            _giveUpTurn(host, isReadOnly: isReadOnly)
            throw GateClosed()
        case .moved: throw GateClosed()
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        case .expired: throw _expired(waiter)
        case .deadlock(let chain): throw GrainError.deadlock(chain, at: context.id)
        }
    }

    /// Hands a turn on that was let in and does not begin.
    private func _giveUpTurn(_ host: GrainHost<Self>, isReadOnly: Bool) {
        guard isReadOnly else { return _handOver(host) }
        let queue = _queue
        queue.readers -= 1
        if queue.readers == 0, _turns.status == .shared { _reopen(host) }
    }

    /// Takes note of a read-only turn that was let in.
    @usableFromInline
    func _beginReading(_ turn: RunningTurn) {
        _turns.lastUsed = turn.began
        _turns.turns &+= 1
        _turns.states?.readers += 1
        if _turns.running.task == .none { _turns.running = turn } else { _queue.overlapping.append(turn) }
    }

    /// The rare half of the gate, made when it is first needed.
    var _queue: TurnQueue {
        if let queue = _turns.queue { return queue }
        let queue = TurnQueue()
        _turns.queue = queue
        return queue
    }

    /// Lets the next calls in, or ends the activation, or opens the gate.
    func _handOver(_ host: GrainHost<Self>) {
        guard let queue = _turns.queue else {
            _turns.status = .free
            _turns.attention = false
            return
        }
        if let reason = queue.leaving, !queue.hasToServe {
            _turns.status = .closing
            host.runtime._finish(self, reason: reason)
            return
        }
        while let next = queue.waiting.first {
            if next.isReadOnly { break }
            queue.waiting.removeFirst()
            if next.finish(.admitted) {
                _turns.status = .exclusive
                _turns.attention = !queue.waiting.isEmpty || queue.leaving != nil
                return
            }
        }
        // Read-only calls at the head go in together.
        queue.readers = 0
        while let next = queue.waiting.first, next.isReadOnly, queue.leaving == nil || queue.hasToServe {
            queue.waiting.removeFirst()
            if next.finish(.admitted) { queue.readers += 1 }
        }
        if queue.readers > 0 {
            _turns.status = .shared
            _turns.attention = !queue.waiting.isEmpty || queue.leaving != nil
        } else if queue.waiting.isEmpty {
            _turns.status = .free
            _turns.attention = false
        } else {
            _handOver(host)
        }
    }

    /// Ends the activation for those who still wait: they look the grain up again, or learn why it failed.
    package func _release(failure: (any Error)?) {
        _turns.status = .gone
        _turns.running = .none
        context.markGone()
        // Whoever made the activation may come to the gate only now, and has to learn why it failed: nobody tries twice for
        // one call.
        guard let queue = failure == nil ? _turns.queue : _queue else { return }
        queue.failure = failure
        for waiter in queue.waiting { waiter.finish(failure.map { .failed($0) } ?? .moved) }
        queue.waiting.removeAll()
        for watcher in queue.watchers { watcher.finish(()) }
        queue.watchers.removeAll()
        for timer in queue.timers { timer.cancel() }
        queue.timers.removeAll()
    }
}
