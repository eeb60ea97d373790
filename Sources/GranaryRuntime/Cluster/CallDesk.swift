internal import GranaryCluster
internal import GranaryCore
internal import NIOCore

/// What becomes of calls from other silos: lines before grains that are not active, turns, answers.
///
/// One object holds what each call needs. The silo itself is not among it: it is referred to weakly elsewhere, so that to
/// count a reference to it costs more than to count one to this.
final class CallDesk: Sendable {
    let driver: ClusterDriver
    let tasks: SiloTasks
    let decoder: CBORDecoder
    private let clock: CoarseClock
    /// What the time source read at the clock's first tick.
    private let origin: Duration
    private let callTicks: UInt32

    init(_ driver: ClusterDriver, of runtime: SiloRuntime) {
        self.driver = driver
        tasks = runtime._states.tasks
        decoder = runtime._decoder
        clock = runtime.clock
        origin = runtime.reading(ofTick: 0)
        callTicks = runtime.callTicks
    }

    /// The tick at which a call that arrived gives up; `nil` when its time is over.
    func deadline(of head: borrowing CallHead) -> UInt32? {
        let now = clock.now
        guard let deadline = head.deadline else { return now &+ callTicks }
        let tick = (deadline - origin).ticks
        return tick <= now ? nil : tick
    }

    /// What those get whose calls a silo does not serve any more.
    var closing: CallReply.Outcome { .notStarted(.closing, view: driver.installed) }

    /// Turns a call away that has not been taken in.
    func refuse(_ head: CallHead, on link: any TransportLink) {
        driver.clients.leave(link)
        _ = link.send(CallReply(head.id, .notStarted(.moved, view: driver.installed)))
    }

    /// Refuses what a silo that does not serve was sent: at once, so that one that ends its sessions has answered
    /// everything that came.
    func refuse(_ arrival: Arrival, _ place: Arrivals.Place, in host: any GrainHosting) {
        switch place {
        case .now: end(arrival, closing)
        case .opensLine: emptyLine(of: arrival.grain, closing, in: host)
        case .quick:
            end(arrival, closing)
            follow(arrival)
        case .inLine: break
        }
    }

    /// A quick call is over, or has reached its grain's gate: those behind it begin.
    func follow(_ arrival: Arrival) {
        while let next = driver.arrivals.follower(of: arrival) {
            if next.isQuick { return driver.quickLine.add(next) }
            // Its grain is active here, so its type is hosted; whatever is behind it must not be forgotten in any case.
            if let type = driver.hosted(next.grain.type) {
                next.begin(in: type.host, at: self)
            } else {
                end(next, closing)
            }
        }
    }

    /// Makes the activation that calls stand in line for, and lets them go to it in their order.
    func serveLine(of first: Arrival, in host: any GrainHosting) async {
        guard let runtime = driver.runtime else { return emptyLine(of: first.grain, closing, in: host) }
        // Those that came before and did not reach the activation that is over are turned away first.
        await driver.arrivals.answered(before: first)
        let view = first.head.view
        if view > driver.installed {
            // The caller is ahead and knows better who owns the grain.
            driver.learn(view, from: first.link.silo)
            await driver.installs(view, deadline: clock.now &+ 100, runtime: runtime)
        }
        var refusal: CallReply.Outcome?
        if driver.isServing {
            do {
                let deadline = clock.now &+ callTicks
                try await host.prepare(key: first.grain.key, deadline: deadline)
            } catch let moved as GrainMoved {
                refusal = .notStarted(.moved, view: max(moved.view, driver.installed))
            } catch {
                // Each call meets it by itself.
            }
        } else {
            refusal = closing
        }
        emptyLine(of: first.grain, refusal, in: host)
    }

    /// Lets the calls in a line begin, or refuses them.
    private func emptyLine(of grain: ClusterGrain, _ refusal: CallReply.Outcome?, in host: any GrainHosting) {
        while true {
            let line = driver.arrivals.takeLine(grain)
            if line.isEmpty { return }
            for arrival in line {
                if let refusal { end(arrival, refusal) } else { begin(arrival, in: host) }
            }
        }
    }

    /// Runs a call up to the grain's gate before this returns, so that calls reach it in the order of their arrival.
    func begin(_ arrival: Arrival, in host: any GrainHosting) {
        tasks.began()
        // Awaited as one of the silo's tasks.
        let task = Task.immediateDetached { [self] in
            end(arrival, await answer(arrival, in: host))
            tasks.ended()
        }
        arrival.runs(in: task)
    }

    private func answer(_ arrival: Arrival, in host: any GrainHosting) async -> CallReply.Outcome {
        let head = arrival.head
        guard driver.isServing else { return closing }
        guard let deadline = deadline(of: head) else { return .notStarted(.expired, view: driver.installed) }
        do {
            func dispatch() async throws -> Reply {
                try await host.dispatch(
                    key: head.grain.key, method: head.method, arguments: arrival.arguments,
                    count: head.argumentCount, deadline: deadline, isNested: false, isRemote: true, started: nil)
            }
            guard !head.chain.isEmpty, let runtime = driver.runtime else {
                return .result(try await dispatch().buffer)
            }
            return .result(try await runtime.continuing(arrival, driver) { try await dispatch() }.buffer)
        } catch {
            return outcome(error)
        }
    }

    /// What the caller's silo is told of an error.
    func outcome(_ error: any Error) -> CallReply.Outcome {
        if let moved = error as? GrainMoved { return .notStarted(.moved, view: max(moved.view, driver.installed)) }
        if let error = error as? GrainError, error.code == .siloUnavailable { return closing }
        return .error(CallFailure(error))
    }

    /// Answers a call.
    func end(_ arrival: Arrival, _ outcome: CallReply.Outcome) {
        if case .notStarted(let reason, _) = outcome, reason == .moved || reason == .closing {
            driver.arrivals.turnAway(arrival, at: clock.now)
        }
        driver.clients.leave(arrival.link)
        arrival.dropContents()
        driver.arrivals.finish(arrival) {
            if !arrival.head.options.contains(.oneWay) { reply(arrival.head.id, outcome, on: arrival.link) }
        }
    }

    private func reply(_ call: UInt64, _ outcome: CallReply.Outcome, on link: any TransportLink) {
        // L3: what an ended or unserving silo found out leaves it no more; that it did nothing may.
        if case .notStarted = outcome {} else { guard driver.isServing else { return } }
        if case .tooLarge(let limit) = link.send(CallReply(call, outcome)) {
            let failure = CallFailure(
                code: GrainError.Code.encoding.name,
                message: "The result is larger than the \(limit) bytes that a message may have.")
            _ = link.send(CallReply(call, .error(failure)))
        }
    }
}
