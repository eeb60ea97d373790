/// Where certificate, key and trust roots are, in PEM.
///
/// The files are read again when they changed; connections made from then on use them. Files that cannot be used are
/// reported in the log, and the last good ones stay in use.
public struct TLSFiles: Sendable, Hashable {
    /// The path of the file with this process's certificate, followed by those between it and the root.
    public var certificate: String
    /// The path of the file with the certificate's private key.
    public var key: String
    /// The path of the file with the roots that have to have signed the certificates of all peers.
    public var roots: String
    /// The name that every peer's certificate must have; `nil`, the default, asks for none: whoever has a certificate
    /// of the roots belongs to the cluster.
    public var peerName: String?
    /// How long the files are taken for unchanged after a look at them.
    ///
    /// 1 s by default.
    public var checkInterval: Duration

    /// Names the files.
    ///
    /// - Parameters:
    ///   - certificate: The path of the file with this process's certificate.
    ///   - key: The path of the file with the certificate's private key.
    ///   - roots: The path of the file with the trust roots.
    public init(certificate: String, key: String, roots: String) {
        self.certificate = certificate
        self.key = key
        self.roots = roots
        checkInterval = .seconds(1)
    }
}
