import Foundation
import GranaryCore
import GranaryTestSupport
import NIOCore
import Testing

@testable import GranaryTransport

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    private func configuration(_ authority: TestAuthority, _ name: String, roots: String? = nil) throws
        -> TransportConfiguration
    {
        let files = try authority.certificate(name)
        var tls = TLSFiles(certificate: files.certificate, key: files.key, roots: roots ?? authority.root)
        tls.checkInterval = .zero
        var configuration = TransportConfiguration(listen: "127.0.0.1:0", security: .tls(tls))
        configuration.longestBackoff = .milliseconds(20)
        return configuration
    }

    private func connect(
        _ a: TransportConfiguration, to b: TransportConfiguration, aLog: LogLines = LogLines(),
        bLog: LogLines = LogLines(),
        _ body: (RecordingHandler, any TransportLink, any SiloTransport) async throws -> Void
    ) async throws {
        let one = try NetworkTransport(a, logger: aLog.logger)
        let other = try NetworkTransport(b, logger: bLog.logger)
        let handler = RecordingHandler()
        let address = try await other.start(identity(1), handler: RecordingHandler { .result($0.arguments) })
        _ = try await one.start(identity(2), handler: handler)
        try await body(handler, try one.link(to: silo(1), at: address), one)
        await one.stop(within: .zero)
        await other.stop(within: .zero)
    }

    @Test func bothSidesShowCertificates() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        var a = try configuration(authority, "a")
        guard case .tls(var files) = a.security.kind else { return }
        files.peerName = "granary.test"
        a.security = .tls(files)
        var b = try configuration(authority, "b")
        guard case .tls(let own) = b.security.kind else { return }
        (files.certificate, files.key) = (own.certificate, own.key)
        b.security = .tls(files)
        try await connect(a, to: b) { handler, link, _ in
            #expect(link.send(call(1), arguments: block(200_000), order: 0) == .accepted)
            await handler.wait(for: .reply(CallReply(1, .result(block(200_000)))))
            await handler.wait(for: .controlOpened)
        }
    }

    @Test func aPeerOfAnotherNameIsRefused() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        var a = try configuration(authority, "a")
        guard case .tls(var files) = a.security.kind else { return }
        files.peerName = "somebody.else"
        a.security = .tls(files)
        let log = LogLines()
        try await connect(a, to: try configuration(authority, "b"), aLog: log) { handler, _, _ in
            await log.wait { $0.contains("cannot connect") }
            #expect(handler.all.isEmpty)
        }
    }

    @Test func aDialerOfAnotherNameIsRefused() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        var b = try configuration(authority, "b")
        guard case .tls(var files) = b.security.kind else { return }
        files.peerName = "somebody.else"
        b.security = .tls(files)
        let log = LogLines()
        try await connect(try configuration(authority, "a"), to: b, bLog: log) { handler, _, _ in
            await log.wait { $0.contains("does not bear the name somebody.else") }
            #expect(handler.all.isEmpty)
        }
    }

    @Test func aPeerOfAnotherAuthorityIsRefused() async throws {
        let (authority, stranger) = (try TestAuthority(), try TestAuthority())
        defer {
            authority.remove()
            stranger.remove()
        }
        // It trusts the silo, but the silo does not trust it.
        let a = try configuration(stranger, "a", roots: authority.root)
        let (aLog, log) = (LogLines(), LogLines())
        try await connect(a, to: try configuration(authority, "b"), aLog: aLog, bLog: log) { handler, _, _ in
            await aLog.wait { $0.contains("trusts none of the roots of this side's certificate") }
            await log.wait {
                $0.contains("ended before its greeting") && $0.contains("certificate is signed by none of the roots")
            }
            #expect(handler.all.isEmpty)
        }
    }

    @Test func plainTextIsNotSpokenWithAProcessThatWantsTLS() async throws {
        let authority = try TestAuthority()
        defer { authority.remove() }
        let log = LogLines()
        var plain = TransportConfiguration()
        plain.longestBackoff = .milliseconds(20)
        try await connect(plain, to: try configuration(authority, "b"), aLog: log) { handler, _, _ in
            await log.wait { $0.contains("cannot connect") }
            #expect(handler.all.isEmpty)
        }
    }

    @Test func newFilesAreTakenUpAndBrokenOnesAreNot() throws {
        let (authority, next) = (try TestAuthority(), try TestAuthority())
        defer {
            authority.remove()
            next.remove()
        }
        guard case .tls(let files) = try configuration(authority, "a").security.kind else { return }
        let log = LogLines()
        let contexts = try TLSContexts(files, time: SystemTimeSource(), logger: log.logger)
        let first = contexts.current
        #expect(first.client === contexts.current.client)

        let renewed = try next.certificate("a")
        try replace(files.key, with: renewed.key)
        try replace(files.certificate, with: renewed.certificate)
        let second = contexts.current
        #expect(second.client !== first.client)
        #expect(log.all.contains("took up new TLS files"))

        try "broken".write(toFile: files.certificate, atomically: true, encoding: .utf8)
        #expect(contexts.current.client === second.client)
        #expect(log.all.contains("the old ones stay"))
    }

    @Test("New files are for new connections; those that are open stay, and other roots are refused")
    func renewal() async throws {
        let (authority, stranger) = (try TestAuthority(), try TestAuthority())
        defer {
            authority.remove()
            stranger.remove()
        }
        let (log, strangerLog) = (LogLines(), LogLines())
        let bConfiguration = try configuration(authority, "b")
        guard case .tls(let files) = bConfiguration.security.kind else { return }
        let b = try NetworkTransport(bConfiguration, logger: log.logger)
        let a = try NetworkTransport(try configuration(authority, "a"), logger: quiet)
        let handler = RecordingHandler()
        let address = try await b.start(identity(1), handler: RecordingHandler { .result($0.arguments) })
        let port = try #require(TransportAddress(address)).port
        _ = try await a.start(identity(2), handler: handler)
        let link = try a.link(to: silo(1), at: address)
        #expect(link.send(call(1), arguments: block(1), order: 0) == .accepted)
        await handler.wait(for: .reply(CallReply(1, .result(block(1)))))
        let own = try authority.certificate("probe")
        #expect(try authority.subject(at: port, as: own).hasSuffix("CN=b"))

        let renewed = try authority.certificate("renewed")
        try replace(files.key, with: renewed.key)
        try replace(files.certificate, with: renewed.certificate)
        #expect(try authority.subject(at: port, as: own).hasSuffix("CN=renewed"))
        #expect(log.all.contains("took up new TLS files"))
        let c = try NetworkTransport(try configuration(authority, "c"), logger: quiet)
        let cHandler = RecordingHandler()
        _ = try await c.start(identity(3), handler: cHandler)
        #expect(try c.link(to: silo(1), at: address).send(call(2), arguments: block(2), order: 0) == .accepted)
        await cHandler.wait(for: .reply(CallReply(2, .result(block(2)))))

        try replace(authority.folder + "/d.root", with: authority.root)
        let dConfiguration = try configuration(authority, "d", roots: authority.folder + "/d.root")
        // From here on the stranger's root is the one that is trusted: what is open stays, what is new is refused.
        try replace(files.roots, with: stranger.root)
        let d = try NetworkTransport(dConfiguration, logger: strangerLog.logger)
        let dHandler = RecordingHandler()
        _ = try await d.start(identity(4), handler: dHandler)
        _ = try d.link(to: silo(1), at: address)
        await log.wait { $0.contains("certificate is signed by none of the roots here") }
        await strangerLog.wait { $0.contains("trusts none of the roots of this side's certificate") }
        #expect(dHandler.all.isEmpty)
        #expect(link.send(call(3), arguments: block(3), order: 0) == .accepted)
        await handler.wait(for: .reply(CallReply(3, .result(block(3)))))
        #expect(!handler.all.contains(.interrupted) && !cHandler.all.contains(.interrupted))
        for transport in [a, c, d, b] { await transport.stop(within: .zero) }
    }

    private func replace(_ path: String, with other: String) throws {
        try Data(contentsOf: URL(fileURLWithPath: other)).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    @Test func filesThatAreNotThereAreAnErrorAtOnce() throws {
        let files = TLSFiles(certificate: "/nowhere/a.crt", key: "/nowhere/a.key", roots: "/nowhere/root.crt")
        let error = #expect(throws: TransportError.self) {
            try NetworkTransport(TransportConfiguration(security: .tls(files)), logger: quiet)
        }
        #expect(error?.code == .certificates)
        #expect(error?.message.contains("/nowhere/a.crt") == true)
    }

    @Test func plainTextBeyondThisMachineNeedsAnExplicitChoice() async throws {
        let error = #expect(throws: TransportError.self) {
            try NetworkTransport(TransportConfiguration(listen: "0.0.0.0:0"), logger: quiet)
        }
        #expect(error?.code == .plaintext)

        let open = try NetworkTransport(
            TransportConfiguration(listen: "0.0.0.0:0", advertise: "127.0.0.1:0", security: .plaintextAnywhere),
            logger: quiet)
        let address = try await open.start(identity(1), handler: RecordingHandler())
        #expect(address.hasPrefix("127.0.0.1:") && !address.contains(":0"))

        let log = LogLines()
        let local = try NetworkTransport(TransportConfiguration(listen: nil), logger: log.logger)
        _ = try await local.start(clientIdentity(1), handler: RecordingHandler())
        _ = try local.link(to: silo(1), at: "192.0.2.1:7400")
        await log.wait { $0.contains("plain text is allowed on this machine only") }
        await local.stop(within: .zero)
        await open.stop(within: .zero)
    }

    @Test func wrongAddressesAreErrors() async throws {
        let error = #expect(throws: TransportError.self) {
            try NetworkTransport(TransportConfiguration(listen: "nonsense"), logger: quiet)
        }
        #expect(error?.code == .address)
        let one = try NetworkTransport(TransportConfiguration(), logger: quiet)
        let address = try await one.start(identity(1), handler: RecordingHandler())
        let other = try NetworkTransport(TransportConfiguration(listen: address), logger: quiet)
        let taken = await #expect(throws: TransportError.self) {
            try await other.start(identity(2), handler: RecordingHandler())
        }
        #expect(taken?.code == .bind)
        await one.stop(within: .zero)
        await other.stop(within: .zero)
    }
}
