import Granary
import GranaryPostgres
import GranaryTestSupport
import Logging
import Testing

@Grain("place") private actor Place {
    @Stored var visits = 0

    func visit() async throws -> Int {
        visits += 1
        try await $visits.save()
        return visits
    }
}

@Suite(.timeLimit(.minutes(2))) struct KeyBytesTests {
    /// Swift's `==` takes these for one; as bytes, and so as rows, they are two.
    @Test(arguments: [["caf\u{e9}", "cafe\u{301}"], ["the street of the caf\u{e9}", "the street of the cafe\u{301}"]])
    func keysOfEqualCharactersAndOtherBytesAreTwoGrains(texts: [String]) async throws {
        #expect(texts[0] == texts[1])
        let database = try await PostgresServer.shared().makeDatabase()
        for life in 1...2 {
            let silo = Silo(
                backend: .postgres(database.conninfo), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { Place.self }
            try await silo.start()
            // At once, so that loads and saves of both share batches.
            async let second = silo.grain(Place.self, texts[1]).visit()
            try await #expect(silo.grain(Place.self, texts[0]).visit() == life)
            try await #expect(second == life)
            #expect(silo.activationCount == 2)
            try await silo.shutDown()
        }
        let rows = "select count(*), count(distinct grain_key), min(data::int), max(data::int) from granary.state"
        #expect(try await database.psql(rows) == "2|2|2|2")
    }
}
