import FoundationEssentials
import GranaryCore

/// What else a member says of itself, in a column that later versions may add to.
struct MemberInfo: Codable {
    /// The versions of its grain types that are not of version 1.
    var versions: [String: GrainTypeVersion] = [:]

    init(versions: [String: GrainTypeVersion]) { self.versions = versions }

    /// Reads the column; what is not there says nothing.
    ///
    /// - Parameter json: The column's text.
    init(json: [UInt8]?) {
        guard let json, let read = try? JSONDecoder().decode(Self.self, from: Data(json)) else { return }
        self = read
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        versions = try container.decodeIfPresent([String: GrainTypeVersion].self, forKey: .versions) ?? [:]
    }

    /// The column's text.
    var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        if versions.isEmpty { return Array("{}".utf8) }
        return (try? [UInt8](encoder.encode(self))) ?? Array("{}".utf8)
    }
}
