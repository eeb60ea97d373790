internal import GranaryCluster
internal import GranaryCore
internal import Synchronization

/// The states that travel with released grains, so that the next owner need not load them (rule O6 of the cluster
/// protocol).
final class WarmStates: Sendable {
    private let entries = Mutex<[ClusterGrain: (view: Int64, records: [String: StateRecord])]>([:])
    private let offers = Mutex<[ClusterGrain: [HandedState]]>([:])

    /// States larger than this, together, are loaded by the next owner instead.
    private static let largest = 65_536

    /// Keeps the states of a grain until it is released.
    func offer(_ records: [String: StateRecord], of grain: ClusterGrain) {
        let states = records.sorted { $0.key < $1.key }.map { HandedState(name: $0.key, record: $0.value) }
        guard !states.isEmpty, states.reduce(0, { $0 + $1.payload.count }) <= Self.largest else { return }
        offers.withLock { $0[grain] = states }
    }

    /// The states to send with a release.
    func takeOffer(of grain: ClusterGrain) -> [HandedState]? {
        offers.withLock { $0.isEmpty ? nil : $0.removeValue(forKey: grain) }
    }

    /// Keeps the states of a grain that may be activated in a view.
    func keep(_ handover: GrainHandover, for view: Int64) {
        var records: [String: StateRecord] = [:]
        for state in handover.states {
            guard let record = StateRecord(state) else { return }
            records[state.name] = record
        }
        entries.withLock { $0[handover.grain] = (view, records) }
    }

    /// Goes on to the next view, before anything is activated in it.
    ///
    /// States stay good for as long as the silo owns their grain in every view. Those that a skipped view left behind are
    /// dropped: who owned their grain in it is not known.
    func advance(to view: Int64, isOwned: (ClusterGrain) -> Bool) {
        entries.withLock { entries in
            if entries.isEmpty { return }
            for (grain, entry) in entries where entry.view < view {
                entries[grain] = entry.view == view - 1 && isOwned(grain) ? (view, entry.records) : nil
            }
        }
    }

    /// Hands the states over to the activation that is made in a view: nobody can have activated the grain since they
    /// came, for who activates it takes them.
    func take(_ grain: ClusterGrain, in view: Int64) -> [String: StateRecord]? {
        guard let entry = entries.withLock({ $0.isEmpty ? nil : $0.removeValue(forKey: grain) }) else { return nil }
        return entry.view >= view ? entry.records : nil
    }
}

extension HandedState {
    /// Makes the travelling form of a state: its version, and its value as it would be stored.
    init(name: String, record: StateRecord) {
        let version = UInt32(bitPattern: record.version)
        var payload = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: version >> UInt32($0)) }
        if let data = record.data { payload += [1] + data } else { payload.append(0) }
        self.init(name: name, etag: record.etag?.description, payload: payload)
    }
}

extension StateRecord {
    /// Reads a state that was handed over; `nil` when another version wrote it in another way.
    init?(_ state: HandedState) {
        guard state.payload.count >= 5 else { return nil }
        var etag: ETag?
        if let text = state.etag {
            guard let read = ETag(text) else { return nil }
            etag = read
        }
        let version = state.payload.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(
            etag: etag, version: Int32(bitPattern: version),
            data: state.payload[4] == 1 ? Array(state.payload.dropFirst(5)) : nil)
    }
}
