internal import GranaryCluster
internal import GranaryCore

/// A call to a grain that is active here, with all that its turn needs: its task captures nothing but this object.
///
/// Objects that the event loop makes and the pool frees are what a call costs most, so there is one, beside the task of an
/// asynchronous method.
final class HeldArrival: Arrival, @unchecked Sendable {
    /// The grain, until the call is answered.
    @exclusivity(unchecked) private var target: (any Grain)?
    private let method: any RemoteMethod
    private let deadline: UInt32
    private let desk: CallDesk

    init(
        _ call: consuming ReceivedCall, on link: any TransportLink, at identity: ClusterGrain, to grain: any Grain,
        _ method: any RemoteMethod, _ deadline: UInt32, desk: CallDesk
    ) {
        target = grain
        self.method = method
        self.deadline = deadline
        self.desk = desk
        super.init(call, on: link, at: identity)
    }

    override var isQuick: Bool { method.isQuick }

    override func dropContents() {
        super.dropContents()
        target = nil
    }

    override func begin(in host: any GrainHosting, at desk: CallDesk) { begin() }

    private func begin() {
        // It is there: the call is not answered.
        guard let target else { return }
        desk.tasks.began()
        // Awaited as one of the silo's tasks.
        runs(in: Task.immediateDetached { await self.run(on: target) })
    }

    private var received: ReceivedArguments {
        ReceivedArguments(arguments, count: head.argumentCount, reader: desk.decoder)
    }

    private func run(on target: any Grain) async {
        do {
            end(.success(try await method.run(on: target, deadline: deadline, received)))
        } catch {
            end(.failure(error))
        }
        desk.tasks.ended()
    }

    override func run(in runner: QuickRunner) async {
        if !runs(in: runner) {
            desk.end(self, .notStarted(.cancelled, view: desk.driver.installed))
        } else if desk.driver.isServing, let target {
            switch await method.runQuickly(on: target, received) {
            case .busy: begin()
            case .ended(let result): end(result)
            case .unsettled(let result):
                // It may wait for the database.
                runs(in: desk.tasks.startApart { await self.settle(result, on: target) })
            }
        } else {
            desk.end(self, desk.closing)
        }
        desk.follow(self)
    }

    private func settle(_ result: Result<Reply, any Error>, on target: any Grain) async {
        do {
            end(.success(try await method.settle(result, on: target)))
        } catch {
            end(.failure(error))
        }
    }

    private func end(_ result: Result<Reply, any Error>) {
        switch result {
        case .success(let reply): desk.end(self, .result(reply.buffer))
        case .failure(is GateClosed): desk.end(self, .notStarted(.moved, view: desk.driver.installed))
        case .failure(let error): desk.end(self, desk.outcome(target.map { method.outward(error, on: $0) } ?? error))
        }
    }
}
