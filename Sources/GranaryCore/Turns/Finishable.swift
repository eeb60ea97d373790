/// A wait that may be over.
package protocol Finishable: AnyObject, Sendable {
    /// Whether it is over.
    var isFinished: Bool { get }
}

extension Rendezvous: Finishable {}
