/// What gives up once its time is over.
package protocol Expirable: AnyObject, Sendable {
    /// Whether there is nothing left to give up.
    var isFinished: Bool { get }

    /// Gives up, unless it is finished.
    func expire()
}
