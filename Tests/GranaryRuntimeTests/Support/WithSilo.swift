import Granary
import GranaryTesting
import Logging
import Tracing

/// Runs a test on a silo that is started before and shut down after it, whatever happens.
func withSilo(
    time: ManualTimeSource? = nil, backend: any SiloBackend = .memory, logger: Logger = .quiet,
    tracer: (any Tracer)? = nil, filters: [any GrainCallFilter] = [],
    settings: (inout SiloConfiguration) -> Void = { _ in }, probes: GrainOptions? = nil,
    @HostedGrainsBuilder also grains: () -> [HostedGrain] = { [HostedGrain]() },
    _ body: (Silo, Stage) async throws -> Void
) async throws {
    let stage = Stage()
    var configuration = SiloConfiguration()
    settings(&configuration)
    let silo = Silo(
        configuration: configuration, backend: backend, logger: logger, time: time ?? SystemTimeSource(),
        tracer: tracer, filters: filters
    ) {
        Probe.hosted(options: probes) { context in try Probe(context: context, stage: stage) }
        OtherProbe.self
        grains()
    }
    try await silo.start()
    let result: Result<Void, any Error>
    do {
        try await body(silo, stage)
        result = .success(())
    } catch {
        result = .failure(error)
    }
    stage.openAll()
    if let time {
        try await time.run(in: .milliseconds(5)) { try await silo.shutDown() }
    } else {
        try await silo.shutDown()
    }
    try result.get()
}

extension Logger {
    /// A logger that says nothing.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Silo {
    func probe(_ key: String) -> Probe.Reference { grain(Probe.self, key) }

    /// How many calls wait at gates.
    var waitingCalls: Int { runtime._waits.current().count }

    /// Waits until so many calls wait at gates.
    func waiting(_ count: Int) async { await eventually { self.waitingCalls >= count } }
}

/// Waits for something that tells nobody when it happens; the test's time limit ends a wait in vain.
func eventually(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}

/// The error that a call ends with, as Granary's own kind.
func grainError(_ call: () async throws -> some Any) async -> GrainError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error as? GrainError
    }
}
