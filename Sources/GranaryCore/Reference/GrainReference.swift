/// A small value that names a grain and calls it; `@Grain` generates one per grain type.
///
/// Holding a reference keeps nothing alive, and it stays good when the grain moves or its silo restarts. References are
/// equal when type and key are; they can be arguments, results and parts of states.
public protocol GrainReference: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The grain type it refers to.
    associatedtype Target: Grain

    /// The way to the grain.
    var _handle: GrainHandle<Target> { get }

    /// Wraps the way to a grain.
    ///
    /// - Parameter _handle: The way to the grain.
    init(_handle: GrainHandle<Target>)
}

extension GrainReference {
    /// The grain's key.
    @inlinable public var key: Target.Key { _handle.key }

    /// The grain's identity as text.
    public var id: GrainID { GrainID(type: Target._descriptor.name, key: _handle.key.keyText) }

    /// A reference whose calls must end within a time, wherever they run.
    ///
    /// When the time is over the caller gets `.timeout`; a turn that had started is cancelled and may still run to its
    /// end.
    ///
    /// ```swift
    /// try await cart.within(.seconds(1)).add("sku-1")
    /// ```
    ///
    /// - Parameter time: The time of each call, in whole milliseconds, at least one, at most 49 days.
    /// - Returns: The reference.
    public func within(_ time: Duration) -> Self {
        let (seconds, attoseconds) = time.components
        let milliseconds = min(max(seconds, 0), 4_000_000) * 1_000 + attoseconds / 1_000_000_000_000_000
        var handle = _handle
        handle.timeout = UInt32(clamping: max(milliseconds, 1))
        return Self(_handle: handle)
    }

    /// Whether two references name the same grain.
    public static func == (left: Self, right: Self) -> Bool {
        left._handle.hash == right._handle.hash && Target.Key._isSame(left._handle.key, right._handle.key)
    }

    /// Hashes the key.
    ///
    /// - Parameter hasher: The hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(_handle.hash) }

    /// The grain's identity.
    public var description: String { id.description }

    /// Writes type name and key text.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws { try id.encode(to: encoder) }

    /// Reads type name and key text; the silo that decodes lends the way to the grain.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when it names another type or no key of this type, or when no silo decodes.
    public init(from decoder: any Decoder) throws {
        let id = try GrainID(from: decoder)
        guard id.type == Target._descriptor.name, let key = Target.Key(keyText: id.key) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "'\(id)' does not name a grain of type \(Target._descriptor.name)"))
        }
        guard let runtime = (decoder.userInfo[.grainRuntime] as? GrainRuntimeBox)?.runtime else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a grain reference can be decoded only by a silo: in a state or a call"))
        }
        self.init(_handle: GrainHandle(address: runtime._host(Target.self).address, key: key))
    }
}
