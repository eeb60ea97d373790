public import Configuration
public import GranaryCore

extension TransportConfiguration {
    /// Reads the settings from environment variables, command-line options or wherever else the reader looks.
    ///
    /// With a reader of environment variables the key `granary.listen` is the variable `GRANARY_LISTEN`; on the command line
    /// it is `--granary-listen`.
    ///
    /// Keys, all below `granary`:
    /// - `listen`: `host:port` or `host:port/controlPort`; a port of 0 takes a free one
    /// - `advertise`: where others reach this process, if that is not where it listens
    /// - `tls.certificate`, `tls.key`, `tls.roots`: paths of files in PEM, all three or none
    /// - `tls.peer-name`: the name that every peer's certificate must have
    /// - `plaintext-anywhere`: `true` for plain text between machines, on networks that protect themselves
    ///
    /// Without `listen` there are no settings: the silo is alone.
    ///
    /// - Parameter config: The reader.
    /// - Throws: ``TransportError`` that names the keys that make no sense together.
    public init?(config: ConfigReader) throws {
        let config = config.scoped(to: "granary")
        guard let listen = config.string(forKey: "listen") else { return nil }
        self.init(listen: listen, advertise: config.string(forKey: "advertise"))
        try readSecurity(config)
    }

    /// Reads how connections are protected.
    ///
    /// - Parameter config: The reader, within `granary`.
    /// - Throws: ``TransportError`` that names the keys that make no sense together.
    mutating func readSecurity(_ config: ConfigReader) throws {
        let paths = [
            config.string(forKey: "tls.certificate"), config.string(forKey: "tls.key"),
            config.string(forKey: "tls.roots"),
        ].compactMap(\.self)
        switch paths.count {
        case 3:
            var files = TLSFiles(certificate: paths[0], key: paths[1], roots: paths[2])
            files.peerName = config.string(forKey: "tls.peer-name")
            security = .tls(files)
        case 0:
            let text = config.string(forKey: "plaintext-anywhere") ?? "false"
            guard ["true", "false"].contains(text) else {
                throw TransportError(
                    .plaintext, "granary.plaintext-anywhere is '\(text)'; it must be true or false.")
            }
            if text == "true" { security = .plaintextAnywhere }
        default:
            throw TransportError(
                .certificates, "granary.tls.certificate, granary.tls.key and granary.tls.roots belong together.")
        }
    }
}

extension SiloEndpoint {
    /// Carries calls over TCP as the settings of ``TransportConfiguration/init(config:)`` say.
    ///
    /// - Parameter config: The reader.
    /// - Returns: The endpoint; `nil` when `granary.listen` is not set.
    /// - Throws: ``TransportError``.
    public static func tcp(config: ConfigReader) throws -> SiloEndpoint? {
        try TransportConfiguration(config: config).map { .tcp($0) }
    }
}

extension ClientEndpoint {
    /// Carries calls over TCP, protected as the keys `granary.tls.certificate`, `granary.tls.key`, `granary.tls.roots`,
    /// `granary.tls.peer-name` and `granary.plaintext-anywhere` say.
    ///
    /// - Parameter config: The reader.
    /// - Returns: The endpoint.
    /// - Throws: ``TransportError`` that names the keys that make no sense together.
    public static func tcp(config: ConfigReader) throws -> ClientEndpoint {
        var configuration = TransportConfiguration(listen: nil)
        try configuration.readSecurity(config.scoped(to: "granary"))
        return .tcp(configuration)
    }
}
