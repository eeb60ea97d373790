internal import FoundationEssentials

/// What all silos of a cluster have in common, as stored in the database.
struct ClusterSettings: Codable, Hashable {
    var cluster: String
    var mode = "fast"
    var protocolVersion = 1

    init(cluster: String) { self.cluster = cluster }

    init(json: [UInt8]) {
        // Settings that another version wrote differently name no cluster that this one could be of.
        self = (try? JSONDecoder().decode(Self.self, from: Data(json))) ?? Self(cluster: "?")
    }

    /// Sorted, so that equal settings are equal texts.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? [UInt8](encoder.encode(self))) ?? []
    }
}
