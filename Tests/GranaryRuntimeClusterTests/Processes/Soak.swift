import Foundation

/// The long forms of proofs.
enum Soak {
    /// Whether they were asked for.
    static let isOn = ProcessInfo.processInfo.environment["GRANARY_SOAK"] != nil
}
