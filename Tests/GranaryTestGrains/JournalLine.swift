/// One addition to a ``Journal``, with its writer.
public struct JournalLine: Codable, Hashable, Sendable {
    private enum CodingKeys: String, CodingKey {
        case number = "n"
        case activation = "a"
        case process = "p"
    }

    /// What was added.
    public let number: Int64
    /// The activation that wrote it, of all activations of all processes.
    public let activation: Int64
    /// The process that wrote it.
    public let process: Int32

    /// Makes a line of this process.
    init(_ number: Int64, by activation: Int64) {
        self.number = number
        self.activation = activation
        process = TallyProcess.identifier
    }
}
