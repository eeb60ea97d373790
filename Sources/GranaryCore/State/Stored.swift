/// A persisted property of a grain: loaded before the first turn, saved when its policy says so.
///
/// ```swift
/// @Grain actor ShoppingCart {
///     @Stored var contents = Contents()
///     @Stored(.every(.seconds(5)), name: "visits") var visits = 0
/// }
/// ```
///
/// Reading and changing it costs what any property costs; `$contents` saves, reloads and clears. The default is the
/// value of a grain that has nothing stored.
@propertyWrapper
public struct Stored<Value: Codable & Sendable> {
    /// The state's handle, reached as `$name`.
    public let projectedValue: StateHandle<Value>

    /// The value; a change is noted, and saved when the policy says so.
    @inlinable public var wrappedValue: Value {
        get { projectedValue.core.value }
        nonmutating _modify {
            projectedValue.core.touch()
            yield &projectedValue.core.value
        }
    }

    /// Declares a state.
    ///
    /// - Parameters:
    ///   - wrappedValue: The value of a grain that has nothing stored.
    ///   - policy: When it is saved; `.explicit` unless said otherwise.
    ///   - name: The stored name; the property's name unless said otherwise. `@Grain` reads it.
    ///   - version: The version of the value's type, written with every save; 0 unless said otherwise.
    ///   - migrate: Makes today's value out of one that an older version stored; without it, today's type reads it.
    @inlinable
    public init(
        wrappedValue: @autoclosure @escaping () -> Value, _ policy: SavePolicy = .explicit, name: String? = nil,
        version: Int32 = 0, migrate: ((StoredState) throws -> Value)? = nil
    ) {
        projectedValue = StateHandle(
            policy: policy, version: version, makeDefault: wrappedValue, migrate: migrate)
    }
}

@available(*, unavailable)
extension Stored: Sendable {}
