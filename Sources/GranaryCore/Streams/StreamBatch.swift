/// Some elements of a stream: what travels to its reader.
struct StreamBatch<Element: Codable & Sendable>: Codable, Sendable {
    var elements: [Element]
    /// Whether no more follow.
    var isLast: Bool
}
