internal import GranaryCore
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// The TLS contexts for new connections, renewed when the files change.
///
/// A look at three files costs microseconds and happens at most once per check interval, when a connection is made; so it
/// is done on the spot. Only a change costs milliseconds.
final class TLSContexts: Sendable {
    /// What is used for connections of either direction.
    struct Pair: Sendable {
        var server: NIOSSLContext
        var client: NIOSSLContext
    }

    private struct State {
        var pair: Pair
        var stamps: [FileStamp]
        var lastLook: Duration
    }

    let files: TLSFiles
    private let time: any TimeSource
    private let logger: Logger
    private let state: Mutex<State>

    /// Reads the files.
    init(_ files: TLSFiles, time: any TimeSource, logger: Logger) throws(TransportError) {
        self.files = files
        self.time = time
        self.logger = logger
        let stamps = Self.stamps(files)
        state = Mutex(State(pair: try Self.read(files), stamps: stamps, lastLook: time.now))
    }

    /// What new connections use.
    var current: Pair {
        let now = time.now
        return state.withLock { state in
            guard now - state.lastLook >= files.checkInterval else { return state.pair }
            state.lastLook = now
            let stamps = Self.stamps(files)
            guard stamps != state.stamps else { return state.pair }
            state.stamps = stamps
            do throws(TransportError) {
                state.pair = try Self.read(files)
                logger.info("took up new TLS files", metadata: ["certificate": "\(files.certificate)"])
            } catch {
                logger.error("the new TLS files cannot be used; the old ones stay", metadata: ["reason": "\(error)"])
            }
            return state.pair
        }
    }

    private static func read(_ files: TLSFiles) throws(TransportError) -> Pair {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
            let roots = NIOSSLTrustRoots.certificates(try NIOSSLCertificate.fromPEMFile(files.roots))
            var server = TLSConfiguration.makeServerConfigurationWithMTLS(
                certificateChain: chain, privateKey: key, trustRoots: roots)
            server.certificateVerification = .noHostnameVerification
            server.minimumTLSVersion = .tlsv13
            var client = TLSConfiguration.makeClientConfiguration()
            client.certificateChain = chain
            client.privateKey = key
            client.trustRoots = roots
            client.certificateVerification = files.peerName == nil ? .noHostnameVerification : .fullVerification
            client.minimumTLSVersion = .tlsv13
            return Pair(
                server: try NIOSSLContext(configuration: server), client: try NIOSSLContext(configuration: client))
        } catch {
            throw TransportError(
                .certificates,
                "The TLS files \(files.certificate), \(files.key) and \(files.roots) cannot be used.", cause: error)
        }
    }

    private static func stamps(_ files: TLSFiles) -> [FileStamp] {
        [files.certificate, files.key, files.roots].map { FileStamp(path: $0) }
    }
}
