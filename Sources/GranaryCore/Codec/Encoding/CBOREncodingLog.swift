/// The first error of an encoding that could not be thrown on the spot, because making a container does not throw.
final class CBOREncodingLog {
    private(set) var failure: (any Error)?

    /// Keeps the first of several errors.
    func record(_ error: any Error) {
        if failure == nil { failure = error }
    }
}
