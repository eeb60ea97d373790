/// How connections are protected.
public struct TransportSecurity: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case plaintext(isAnywhere: Bool)
        case tls(TLSFiles)
    }

    let kind: Kind

    /// Plain text, and only between processes of one machine: other addresses are refused.
    ///
    /// The default.
    public static let plaintextOnLoopback = TransportSecurity(kind: .plaintext(isAnywhere: false))

    /// Plain text wherever the peers are: whoever reaches the port can read and call everything.
    ///
    /// For networks that encrypt and admit by themselves.
    public static let plaintextAnywhere = TransportSecurity(kind: .plaintext(isAnywhere: true))

    /// Mutual TLS: both sides present a certificate that one of the roots signed.
    ///
    /// - Parameter files: Where certificate, key and roots are.
    /// - Returns: The protection.
    public static func tls(_ files: TLSFiles) -> TransportSecurity { TransportSecurity(kind: .tls(files)) }
}
