internal import GranaryCluster
internal import GranaryCore

/// A call to a grain that is active here, with all that its turn needs: its task captures nothing but this object.
///
/// Objects that the event loop makes and the pool frees are what a call costs most, so there is one, beside the task of an
/// asynchronous method.
final class HeldArrival: Arrival, @unchecked Sendable {
    private let target: any Grain
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

    override func begin(in host: any GrainHosting, at desk: CallDesk) { begin() }

    private func begin() {
        desk.tasks.began()
        // Awaited as one of the silo's tasks.
        runs(in: Task.immediateDetached { await self.run() })
    }

    private var arguments: ReceivedArguments {
        ReceivedArguments(call.arguments, count: call.head.argumentCount, reader: desk.decoder)
    }

    private func run() async {
        do {
            end(.success(try await method.run(on: target, deadline: deadline, arguments)))
        } catch {
            end(.failure(error))
        }
        desk.tasks.ended()
    }

    override func run(in runner: QuickRunner) async {
        if !runs(in: runner) {
            desk.end(self, .notStarted(.cancelled, view: desk.driver.installed))
        } else if !desk.driver.isServing {
            desk.end(self, desk.closing)
        } else {
            switch await method.runQuickly(on: target, arguments) {
            case .busy: begin()
            case .ended(let result): end(result)
            case .unsettled(let result):
                // It may wait for the database.
                runs(in: desk.tasks.startApart { await self.settle(result) })
            }
        }
        desk.follow(self)
    }

    private func settle(_ result: Result<Reply, any Error>) async {
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
        case .failure(let error): desk.end(self, desk.outcome(method.outward(error, on: target)))
        }
    }
}
