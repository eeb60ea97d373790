/// States that came before the first call.
struct WarmGrain: Sendable {
    var handover: GrainHandover
    var sender: Int32
}
