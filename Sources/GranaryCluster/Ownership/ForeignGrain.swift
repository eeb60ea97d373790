/// A grain that the member holds but does not own.
struct ForeignGrain: Sendable {
    enum Phase: Sendable {
        case queued
        case closing(inBackground: Bool)
    }

    var phase: Phase
    /// Who pulled it: they are told of the release, whoever owns it then.
    var pullers: [Int32] = []
}
