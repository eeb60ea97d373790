import Granary
import Logging

extension InMemoryCluster {
    /// Writes a row past any grain, in the name of the first silo.
    func overwrite(_ grain: GrainID, _ name: String, json: String) async throws {
        let random = SystemRandomSource()
        let connection = try await InMemoryBackend(cluster: self).connect(
            BackendContext(logger: .quiet, time: SystemTimeSource(), random: random))
        let write = StateWrite(
            name: name, expected: record(of: grain, name).etag, next: random.nextETag(), version: 0,
            data: Array(json.utf8))
        _ = try await connection.stateStore(writingAs: 1).save(StateSave(grain: grain, writes: [write]))
    }
}
