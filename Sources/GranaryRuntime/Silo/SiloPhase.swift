/// Where a silo is in its life.
package enum SiloPhase: Int, Sendable {
    /// Made, but neither `run()` nor `start()` was called; calls wait.
    case idle
    /// It joins its cluster; calls wait.
    case starting
    /// It serves.
    case active
    /// It ends its activations; only calls from within grains activate further ones.
    case draining
    /// It has ended.
    case stopped
    /// It was declared dead.
    case fenced
}
