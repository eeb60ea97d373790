internal import Synchronization

/// Carries the silo through a decoder's `userInfo`, so that decoded references can call; it does not keep the silo alive.
package final class GrainRuntimeBox: Sendable {
    private struct Weak {
        weak var runtime: (any GrainRuntime)?
    }

    private let box: Mutex<Weak>

    package init(_ runtime: (any GrainRuntime)? = nil) { box = Mutex(Weak(runtime: runtime)) }

    /// Says which silo it is, where the box was made before the silo.
    package func set(_ runtime: any GrainRuntime) { box.withLock { $0.runtime = runtime } }

    /// The silo, as long as it lives.
    package var runtime: (any GrainRuntime)? { box.withLock(\.runtime) }
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
