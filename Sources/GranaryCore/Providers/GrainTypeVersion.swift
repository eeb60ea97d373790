/// Which version of a grain type a silo hosts, and which older ones may serve beside it.
public struct GrainTypeVersion: Hashable, Sendable, Codable {
    /// The version, from 1.
    public var number: Int
    /// The oldest version that may serve grains of the type while silos with this one do.
    public var oldestBeside: Int

    /// Makes a version.
    ///
    /// - Parameters:
    ///   - number: The version, from 1.
    ///   - oldestBeside: The oldest version that may serve beside it.
    public init(number: Int, oldestBeside: Int = 1) {
        self.number = number
        self.oldestBeside = oldestBeside
    }
}
