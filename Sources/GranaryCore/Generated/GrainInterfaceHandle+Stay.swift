extension GrainInterfaceHandle {
    /// Only there so that a result that cannot travel is reported once, at the method.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - type: The type of its result.
    ///   - encode: Writes the arguments.
    /// - Returns: Nothing.
    /// - Throws: Always.
    @_disfavoredOverload
    nonisolated(nonsending) public func invoke<R>(
        _ method: StaticString, returning type: R.Type, _ encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> R {
        throw GrainError(.encoding, "A \(R.self) is not Codable and Sendable.")
    }
}
