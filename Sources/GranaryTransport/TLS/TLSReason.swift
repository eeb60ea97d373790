/// Says what went wrong with TLS in words that tell an operator where to look; the error itself follows.
enum TLSReason {
    /// What the library's error names mean, the first that fits.
    private static let meanings: [(name: String, meaning: String)] = [
        ("CERTIFICATE_VERIFY_FAILED", "the other side's certificate is signed by none of the roots here, or expired"),
        ("unableToValidateCertificate", "the other side's certificate has another name than asked for"),
        ("PEER_DID_NOT_RETURN_A_CERTIFICATE", "the other side shows no certificate"),
        ("ALERT_UNKNOWN_CA", "the other side trusts none of the roots of this side's certificate"),
        ("ALERT_CERTIFICATE", "the other side does not accept this side's certificate"),
        ("ALERT_BAD_CERTIFICATE", "the other side does not accept this side's certificate"),
        ("WRONG_VERSION_NUMBER", "the other side does not speak TLS"),
        ("HTTP_REQUEST", "the other side speaks HTTP"),
    ]

    static func describe(_ error: any Error) -> String {
        let text = "\(error)"
        guard let known = meanings.first(where: { text.contains($0.name) }) else { return text }
        return "\(known.meaning) (\(text))"
    }
}
