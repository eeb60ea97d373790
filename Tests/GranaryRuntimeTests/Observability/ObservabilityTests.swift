import Granary
import GranaryTesting
import InMemoryTracing
import Metrics
import MetricsTestKit
import Testing
import Tracing

/// One factory for the whole test process: the metrics system takes no second one.
private let metrics: TestMetrics = {
    let metrics = TestMetrics()
    MetricsSystem.bootstrap(metrics)
    return metrics
}()

@Grain("measured") actor MeasuredProbe {
    @Stored var value = 0

    func set(_ new: Int) async throws {
        value = new
        try await $value.save()
    }
}

@Grain("traced") actor TracedProbe {
    @Stored var value = 0

    func set(_ new: Int) async throws {
        value = new
        try await $value.save()
    }

    func fail() throws { throw NamedError(text: "") }
}

@Grain("unlucky") actor UnluckyProbe {
    func activate() async throws { throw NamedError(text: "no") }
    func ping() {}
}

@Suite(.timeLimit(.minutes(1))) struct ObservabilityTests {
    @Test func `metrics have the grain type as a dimension, and no key anywhere`() async throws {
        _ = metrics
        try await withSilo(
            also: {
                MeasuredProbe.self
                UnluckyProbe.self
            }
        ) { silo, _ in
            for key in ["secret-key-1", "secret-key-2", "secret-key-3"] {
                try await silo.grain(MeasuredProbe.self, key).set(1)
            }
            await silo.deactivate(silo.grain(MeasuredProbe.self, "secret-key-1"))
            _ = try? await silo.grain(UnluckyProbe.self, "secret-key-4").ping()
            let type = [("grain_type", "measured")]
            #expect(try metrics.expectCounter("granary_activations_total", type).totalValue == 3)
            #expect(try metrics.expectCounter("granary_turns_total", type).totalValue == 1)
            #expect(try metrics.expectMeter("granary_activations", type).values.count == 4)
            #expect(try metrics.expectTimer("granary_activation_seconds", type).values.count == 3)
            #expect(
                try metrics.expectCounter(
                    "granary_deactivations_total", type + [("reason", "requested")]
                ).totalValue == 1)
            #expect(
                try metrics.expectCounter(
                    "granary_activation_failures_total", [("grain_type", "unlucky")]
                ).totalValue == 1)
            #expect(try metrics.expectTimer("granary_state_save_seconds").values.count >= 3)
            #expect(try metrics.expectTimer("granary_state_load_seconds").values.count >= 3)
        }
        expectNoKeys()
    }

    /// No dimension of any metric so far holds a key.
    private func expectNoKeys() {
        let dimensions =
            metrics.counters.flatMap(\.dimensions) + metrics.meters.flatMap(\.dimensions)
            + metrics.timers.flatMap(\.dimensions) + metrics.recorders.flatMap(\.dimensions)
        #expect(!dimensions.contains { $0.1.contains("secret") })
    }

    @Test func `a turn that runs for long is counted without its key`() async throws {
        _ = metrics
        let time = ManualTimeSource()
        let log = LogRecorder()
        try await withSilo(time: time, logger: log.logger, settings: { $0.turnWarning = .seconds(5) }) { silo, stage in
            stage.on("stuck") { _ in
                await stage.latch("stuck").wait()
                return ""
            }
            async let stuck = silo.probe("secret-key-5").run("stuck")
            await stage.latch("stuck").arrived()
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(10_100), in: .milliseconds(100))
            await log.lines.wait { lines in lines.contains { $0.contains("runs for long") } }
            #expect(try metrics.expectCounter("granary_stuck_turns_total").totalValue >= 1)
            stage.latch("stuck").open()
            _ = try await stuck
        }
        expectNoKeys()
    }

    @Test func `calls, activations, loads and saves are spans of one trace without keys`() async throws {
        let tracer = InMemoryTracer()
        try await withSilo(tracer: tracer, also: { TracedProbe.self }) { silo, stage in
            stage.on("nested") { grain in
                try await grain.context.grain(TracedProbe.self, "secret").set(1)
                return ""
            }
            _ = try await silo.probe("secret").run("nested")
        }
        // The span of an activation may end a little after its grain began to serve; all have ended when the silo has.
        let spans = tracer.finishedSpans.filter { !$0.operationName.hasSuffix(".deactivate") }
        let names = Set(spans.map(\.operationName))
        #expect(
            names.isSuperset(of: [
                "probe.run", "probe.activate", "traced.set", "traced.activate", "load traced",
                "save traced",
            ]))
        #expect(Set(spans.map(\.traceID)).count == 1)
        let outer = try #require(spans.first { $0.operationName == "probe.run" })
        let inner = try #require(spans.first { $0.operationName == "traced.set" })
        let save = try #require(spans.first { $0.operationName == "save traced" })
        #expect(inner.parentSpanID == outer.spanID)
        #expect(save.parentSpanID == inner.spanID)
        #expect(outer.attributes.get("rpc.service") == .string("probe"))
        #expect(outer.attributes.get("rpc.method") == .string("run"))
        for span in spans {
            #expect(!span.operationName.contains("secret"))
            // Span attributes are no sequence: `forEach` is all they have.
            // swift-format-ignore: ReplaceForEachWithForLoop
            span.attributes.forEach { _, value in #expect(!"\(value)".contains("secret")) }
        }
    }

    @Test func `a call with a time of its own stays in its trace`() async throws {
        let tracer = InMemoryTracer()
        try await withSilo(tracer: tracer) { silo, stage in
            stage.on("nested") { grain in
                try await String(grain.context.grain(Probe.self, "b").within(.seconds(5)).ping())
            }
            _ = try await silo.probe("a").within(.seconds(5)).run("nested")
            let outer = try #require(tracer.finishedSpans.first { $0.operationName == "probe.run" })
            let inner = try #require(tracer.finishedSpans.first { $0.operationName == "probe.ping" })
            #expect(inner.parentSpanID == outer.spanID)
        }
    }

    @Test func `a span of a call that failed carries the error`() async throws {
        let tracer = InMemoryTracer()
        try await withSilo(tracer: tracer, also: { TracedProbe.self }) { silo, _ in
            _ = try? await silo.grain(TracedProbe.self, "a").fail()
            let span = try #require(tracer.finishedSpans.first { $0.operationName == "traced.fail" })
            #expect(span.errors.count == 1)
        }
    }

    @Test func `the watchdog names a turn that runs for long`() async throws {
        let time = ManualTimeSource()
        let log = LogRecorder()
        try await withSilo(time: time, logger: log.logger, settings: { $0.turnWarning = .seconds(5) }) { silo, stage in
            stage.on("stuck") { _ in
                await stage.latch("stuck").wait()
                return ""
            }
            async let stuck = silo.probe("a").run("stuck")
            _ = try await silo.probe("b").ping()
            await stage.latch("stuck").arrived()
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(4_900), in: .milliseconds(100))
            #expect(!log.lines.all.contains { $0.contains("runs for long") })
            await time.advance(by: .milliseconds(5_200), in: .milliseconds(100))
            await log.lines.wait { lines in
                lines.contains {
                    $0.contains("runs for long") && $0.contains("grain=probe/a") && $0.contains("method=run")
                }
            }
            #expect(!log.lines.all.contains { $0.contains("grain=probe/b") && $0.contains("runs for long") })
            stage.latch("stuck").open()
            _ = try await stuck
        }
    }

    @Test func `the watchdog names a read-only turn that was let in with others`() async throws {
        let time = ManualTimeSource()
        let log = LogRecorder()
        try await withSilo(time: time, logger: log.logger, settings: { $0.turnWarning = .seconds(5) }) { silo, stage in
            stage.on("write") { _ in
                await stage.latch("write").wait()
                return ""
            }
            stage.on("stuck") { _ in
                await stage.latch("stuck").wait()
                return ""
            }
            let write = Task { try await silo.probe("a").run("write") }
            await stage.latch("write").arrived()
            let reads = (0..<3).map { _ in Task { try await silo.probe("a").read("stuck") } }
            await silo.waiting(3)
            stage.latch("write").open()
            await stage.latch("stuck").arrived(3)
            await time.sleepers(atLeast: 3)
            await time.advance(by: .milliseconds(10_100), in: .milliseconds(100))
            await log.lines.wait { lines in
                lines.contains { $0.contains("runs for long") && $0.contains("method=read") }
            }
            stage.latch("stuck").open()
            _ = try await write.value
            for read in reads { _ = try await read.value }
        }
    }
}
