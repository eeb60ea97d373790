/// Carries the silo through a decoder's `userInfo`, so that decoded references can call.
package struct GrainRuntimeBox: Sendable {
    package let runtime: any GrainRuntime

    package init(_ runtime: any GrainRuntime) { self.runtime = runtime }
}

extension CodingUserInfoKey {
    /// Where the silo stands in a decoder's `userInfo`.
    package static let grainRuntime: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "granary.runtime") else {
            preconditionFailure("a non-empty name is always a key")
        }
        return key
    }()
}
