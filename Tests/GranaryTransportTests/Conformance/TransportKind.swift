import GranaryCore
import NIOPosix

@testable import GranaryTransport

/// The transports that the conformance tests run on.
enum TransportKind: CaseIterable, Sendable {
    case network
    case inProcess
}

/// Where transports of one test meet.
final class TransportStage: Sendable {
    let kind: TransportKind
    let network = InProcessNetwork()
    let proxy = CuttingProxy(group: .singleton)

    init(_ kind: TransportKind) { self.kind = kind }

    /// Makes a transport; on the in-process network it is called as told.
    func transport(
        _ name: String, isClient: Bool = false, port: Int = 0,
        _ change: (inout TransportConfiguration) -> Void = { _ in }
    ) throws -> any SiloTransport {
        var configuration = TransportConfiguration(listen: isClient ? nil : "127.0.0.1:\(port)/0")
        configuration.longestBackoff = .milliseconds(20)
        change(&configuration)
        return switch kind {
        case .network: try NetworkTransport(configuration, logger: quiet)
        case .inProcess:
            network.transport(named: name, isClient: isClient, configuration: configuration, logger: quiet)
        }
    }

    /// The address to reach a process by, so that ``sever()`` and ``silence(_:)`` work between `a` and `b`.
    func exposed(_ address: String) async throws -> String {
        kind == .network ? try await proxy.listen(for: address) : address
    }

    /// Breaks all connections between `a` and `b`.
    func sever() {
        if kind == .network { proxy.cut() } else { network.sever("a", "b") }
    }

    /// Lets everything between `a` and `b` vanish, or pass again.
    func silence(_ isSilent: Bool) {
        if kind == .network { return proxy.silence(isSilent) }
        if isSilent { network.silence("a", "b") } else { network.heal("a", "b") }
    }

    func close() async { await proxy.close() }
}

/// Two silos, number 2 (`a`) connected to number 1 (`b`).
struct TransportPair: Sendable {
    let stage: TransportStage
    let a: any SiloTransport
    let b: any SiloTransport
    let aHandler: RecordingHandler
    let bHandler: RecordingHandler
    let link: any TransportLink

    /// Runs something with a pair, and stops it afterwards.
    static func with(
        _ kind: TransportKind, aHandler: RecordingHandler = RecordingHandler(),
        bHandler: RecordingHandler = RecordingHandler { .result($0.arguments) },
        change: (inout TransportConfiguration) -> Void = { _ in },
        _ body: (TransportPair) async throws -> Void
    ) async throws {
        let stage = TransportStage(kind)
        let a = try stage.transport("a", change)
        let b = try stage.transport("b", change)
        do {
            let address = try await stage.exposed(try await b.start(identity(1), handler: bHandler))
            _ = try await a.start(identity(2), handler: aHandler)
            let link = try a.link(to: silo(1), at: address)
            let pair = TransportPair(stage: stage, a: a, b: b, aHandler: aHandler, bHandler: bHandler, link: link)
            try await body(pair)
        } catch {
            await a.stop(within: .zero)
            await b.stop(within: .zero)
            await stage.close()
            throw error
        }
        await a.stop(within: .zero)
        await b.stop(within: .zero)
        await stage.close()
    }
}
