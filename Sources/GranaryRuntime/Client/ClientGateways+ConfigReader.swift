public import Configuration

extension ClientGateways {
    /// Reads the addresses from environment variables, command-line options or wherever else the reader looks.
    ///
    /// The key is `granary.gateways`: addresses with commas between them. Without it there are no gateways.
    ///
    /// - Parameter config: The reader.
    public init?(config: ConfigReader) {
        guard let text = config.scoped(to: "granary").string(forKey: "gateways") else { return nil }
        let addresses = text.split(separator: ",").map { $0.trimmingPrefix { $0 == " " } }
        self = .addresses(addresses.map { String($0.prefix { $0 != " " }) }.filter { !$0.isEmpty })
    }
}
