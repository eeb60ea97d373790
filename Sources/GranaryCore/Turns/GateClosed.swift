/// Thrown inside the call path when a caller reached an activation that is over: look the grain up again.
@usableFromInline
package struct GateClosed: Error {
    @usableFromInline init() {}
}
