internal import Synchronization

/// The right to be told of changes to the list of silos; when nobody holds it any more, the telling ends.
public final class MembershipWatch: Sendable {
    private let end: Mutex<(@Sendable () -> Void)?>

    /// Makes a watch.
    ///
    /// - Parameter end: Ends the telling; called once, and by whoever ends the watch.
    public init(end: @escaping @Sendable () -> Void) { self.end = Mutex(end) }

    deinit { cancel() }

    /// Ends the telling; one more hint may come that was on its way.
    public func cancel() {
        let end = end.withLock { end in
            defer { end = nil }
            return end
        }
        end?()
    }
}
