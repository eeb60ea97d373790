/// The attributes that say something about a callable method.
enum Marker: String, CaseIterable {
    case readOnly = "ReadOnly"
    case idempotent = "Idempotent"
    case oneWay = "OneWay"
    case method = "Method"
}
