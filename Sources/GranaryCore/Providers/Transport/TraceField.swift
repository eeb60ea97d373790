/// One field of a trace context, such as `traceparent`.
package struct TraceField: Hashable, Sendable {
    /// The field's name.
    package var name: String
    /// The field's value.
    package var value: String

    /// Makes a field.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
