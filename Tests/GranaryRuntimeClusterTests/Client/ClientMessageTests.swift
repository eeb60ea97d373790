import Foundation
import GranaryCluster
import GranaryCore
import NIOCore
import Testing

/// What clients and silos say to each other is what `docs/wire-protocol.md` says.
@Suite(.timeLimit(.minutes(1))) struct ClientMessageTests {
    private func map(_ value: some Codable & Sendable) throws -> [String: String] {
        var buffer = ByteBuffer()
        try CBOREncoder().encode(value, into: &buffer)
        return try CBORDecoder().decode(Keys.self, from: &buffer).keys
    }

    @Test func `the question of the page is the one that is written and read`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appendingPathComponent("docs/wire-protocol.md"), encoding: .utf8)
        let block = try #require(page.components(separatedBy: "```hex\n").last?.components(separatedBy: "```").first)
        let digits = block.filter(\.isHexDigit)
        var buffer = ByteBuffer()
        try CBOREncoder().encode(ClientMessage(known: 3, watch: true), into: &buffer)
        let hex = buffer.readableBytesView.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(digits == "0000001013" + hex)
        #expect(try CBORDecoder().decode(ClientMessage.self, from: &buffer) == ClientMessage(known: 3, watch: true))
    }

    @Test func `a silo's news have the keys that the page names`() throws {
        var member = ClusterMember(
            silo: 1,
            candidate: ClusterCandidate(
                incarnation: "i", name: "a", address: "h:1/2", weight: 1, types: ["Cart"], leaseMilliseconds: 3_000,
                versions: ["Cart": ClusterTypeVersion(number: 2, oldestBeside: 1)]), joined: 1)
        member.ringFrom = 2
        member.ringTo = 3
        let news = GatewayMessage(
            newest: 3, hashKey: HashKey(low: 1, high: 2), view: ClusterView(number: 3, token: "t", members: [member]))
        #expect(Set(try map(news).keys) == ["newest", "hashKey", "view"])
        #expect(
            Set(try map(GatewayMessage(newest: 3, hashKey: HashKey(low: 1, high: 2), view: nil)).keys) == [
                "newest", "hashKey",
            ])
        #expect(Set(try map(news.hashKey).keys) == ["low", "high"])
        let needed: Set = [
            "silo", "incarnation", "name", "address", "weight", "types", "status", "ringFrom", "ringTo", "versions",
        ]
        #expect(needed.isSubset(of: try map(member).keys))
        var buffer = ByteBuffer()
        try CBOREncoder().encode(news, into: &buffer)
        #expect(try CBORDecoder().decode(GatewayMessage.self, from: &buffer) == news)
    }
}

/// The keys of a map, whatever its values are.
private struct Keys: Codable, Sendable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let keys: [String: String]

    init(from decoder: any Decoder) throws {
        let names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
        keys = Dictionary(uniqueKeysWithValues: names.map { ($0, $0) })
    }

    func encode(to encoder: any Encoder) throws {}
}
