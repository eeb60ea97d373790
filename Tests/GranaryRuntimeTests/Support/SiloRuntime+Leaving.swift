import GranaryCore
import GranaryRuntime

extension SiloRuntime {
    /// Whether a grain's activation is to end as soon as no turn runs.
    func isLeaving<G: Grain>(_ type: G.Type, _ key: G.Key) async -> Bool {
        guard let grain = _host(type).find(key, hash: key._tableHash) else { return false }
        return await grain._isLeaving()
    }
}
