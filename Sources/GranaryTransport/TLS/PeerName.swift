internal import NIOSSL

/// Checks the name of a peer that opened a connection, which the TLS library does for those that this side opens only.
enum PeerName {
    /// Whether a certificate bears a DNS name, itself or by a `*` in place of the first label (RFC 6125, section 6.4.3).
    static func matches(_ certificate: NIOSSLCertificate?, _ name: String) -> Bool {
        guard let certificate else { return false }
        let name = name.lowercased()
        for bytes in certificate._subjectAlternativeNames() where bytes.nameType == .dnsName {
            let pattern = String(decoding: bytes.contents, as: UTF8.self).lowercased()
            if pattern == name { return true }
            if pattern.hasPrefix("*."), let dot = name.firstIndex(of: "."), name[dot...] == pattern.dropFirst() {
                return true
            }
        }
        return false
    }
}
