/// A reference to grains of a type that this program need not link: what `@GrainInterface` generates.
public protocol GrainInterfaceReference: Sendable {
    /// The type of the grains' keys.
    associatedtype Key: GrainKey

    /// The stable name of the grain type.
    static var grainType: String { get }

    /// Wraps the way to a grain.
    ///
    /// - Parameter _handle: The way to the grain.
    init(_handle: GrainInterfaceHandle)
}

/// The way to a grain that is known by names only.
public struct GrainInterfaceHandle: Sendable {
    let runtime: any GrainRuntime
    /// The grain.
    public let id: GrainID

    package init(runtime: any GrainRuntime, id: GrainID) {
        self.runtime = runtime
        self.id = id
    }

    /// Calls a method by name.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - type: The type of its result.
    ///   - encode: Writes the arguments.
    /// - Returns: The result.
    /// - Throws: ``GrainError``.
    nonisolated(nonsending) public func invoke<R: Codable & Sendable>(
        _ method: StaticString, returning type: R.Type, _ encode: (inout ArgumentEncoder) throws -> Void
    ) async throws -> R {
        try await runtime._invoke(id, method: "\(method)", timeout: 0, returning: type, encode: encode)
    }

    /// Calls a method that has no result by name.
    ///
    /// - Parameters:
    ///   - method: The method's name.
    ///   - encode: Writes the arguments.
    /// - Throws: ``GrainError``.
    nonisolated(nonsending) public func invoke(
        _ method: StaticString, _ encode: (inout ArgumentEncoder) throws -> Void
    ) async throws {
        _ = try await runtime._invoke(id, method: "\(method)", timeout: 0, returning: NoResult.self, encode: encode)
    }
}

/// The result of a method that returns nothing.
package struct NoResult: Codable, Sendable {
    package init() {}
}
