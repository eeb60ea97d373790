/// Accepts every type that can be an argument or a result of a grain's method.
///
/// - Parameter type: The type.
@inlinable
public func _carries<T: Codable & Sendable>(_ type: T.Type) {}

/// Reports, at the user's line, a type that cannot travel.
///
/// - Parameter type: The type.
@_disfavoredOverload
@available(
    *, unavailable,
    message: "arguments and results of a grain's methods must be Codable and Sendable; make the type conform"
)
public func _carries<T>(_ type: T.Type) {}
