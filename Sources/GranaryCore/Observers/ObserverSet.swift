/// The observers that subscribed to a grain: a plain property of it, which forgets those that are gone.
///
/// ```swift
/// @Grain actor Auction {
///     private var watchers = ObserverSet<Int>()
///
///     func subscribe(_ watcher: GrainObserver<Int>) { watchers.insert(watcher) }
///     func unsubscribe(_ watcher: GrainObserver<Int>) { watchers.remove(watcher) }
///     func bid(_ cents: Int) throws { try watchers.notify(cents) }
/// }
/// ```
///
/// Observers may be in any silo of the cluster; those whose silo has ended are forgotten, too. The set lives as long as the
/// activation, and does not move with the grain: whoever must not miss anything subscribes again from time to time.
public struct ObserverSet<Event: Codable & Sendable>: Sendable {
    private var observers: Set<GrainObserver<Event>> = []

    /// Makes an empty set.
    public init() {}

    /// How many subscribed and were not found gone.
    public var count: Int { observers.count }

    /// Subscribes an observer; one that is subscribed already stays subscribed once.
    ///
    /// - Parameter observer: The observer.
    /// - Returns: Whether it was not subscribed before.
    @discardableResult
    public mutating func insert(_ observer: GrainObserver<Event>) -> Bool { observers.insert(observer).inserted }

    /// Unsubscribes an observer.
    ///
    /// - Parameter observer: The observer.
    /// - Returns: Whether it was subscribed.
    @discardableResult
    public mutating func remove(_ observer: GrainObserver<Event>) -> Bool { observers.remove(observer) != nil }

    /// Tells all of them an event, and forgets those that are gone.
    ///
    /// - Parameter event: The event.
    /// - Throws: ``GrainError`` with code `.encoding` when the event cannot travel.
    public mutating func notify(_ event: Event) throws {
        for observer in observers where try !observer.notify(event) { observers.remove(observer) }
    }
}
