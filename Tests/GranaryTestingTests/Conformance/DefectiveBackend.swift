import Granary
import GranaryCore
import GranaryTesting
import Synchronization

/// A backend with one defect, to see that the conformance kit finds it.
struct DefectiveBackend: SiloBackend {
    let cluster = InMemoryCluster()
    let rows = DefectiveRows()
    let defect: Defect

    func connect(_ context: BackendContext) async throws -> any BackendConnection {
        Connection(cluster: cluster, rows: rows, defect: defect)
    }

    private struct Connection: BackendConnection {
        let cluster: InMemoryCluster
        let rows: DefectiveRows
        let defect: Defect
        var membership: any MembershipStore { cluster }
        var isDurable: Bool { false }
        func stateStore(writingAs silo: Int32) -> any StateStore {
            DefectiveStore(cluster: cluster, rows: rows, silo: silo, defect: defect)
        }
        func close() async {}
    }
}

/// The rows of a defective backend.
final class DefectiveRows: Sendable {
    let rows = Mutex<[[String]: StateRecord]>([:])

    /// The place of a row; a string of Swift that holds bytes one by one compares by bytes.
    static func key(_ grain: GrainID, _ name: String, _ defect: Defect) -> [String] {
        let parts = [grain.type, grain.key, name]
        switch defect {
        case .joinsTheKeyParts: return [bytes(parts.joined().utf8)]
        case .ignoresCase: return parts.map { bytes($0.lowercased().utf8) }
        case .comparesCanonically: return parts
        case .cutsAtNUL: return parts.map { bytes($0.utf8.prefix { $0 != 0 }) }
        default: return parts.map { bytes($0.utf8) }
        }
    }

    private static func bytes(_ text: some Sequence<UInt8>) -> String {
        text.map { String($0, radix: 36) }.joined(separator: " ")
    }
}
