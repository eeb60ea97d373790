/// Picks the error types that can be sent to callers as themselves.
///
/// Called by generated code with the types that methods name in `throws(…)`: one that is not `Codable` is no mistake,
/// its errors arrive described.
///
/// - Parameter types: Error types.
/// - Returns: Those that are `Codable`.
public func _codableErrors(_ types: any Error.Type...) -> [any (Error & Codable & Sendable).Type] {
    types.compactMap { $0 as? any (Error & Codable & Sendable).Type }
}
