/// Does nothing: it is there for the other one.
@inlinable
public func _consistsOfFields<Value>(_ type: Value.Type) {}

/// Lets the compiler find types whose form ``Coded()`` has not seen.
@available(
    *, unavailable,
    message: "'Codable' writes the raw value of this type: name 'RawRepresentable' or the raw type where it is declared"
)
public func _consistsOfFields<Value: RawRepresentable>(_ type: Value.Type) {}
