/// What silos ask of each other in their own name: calls whose grain type is empty, which no grain's is.
package enum SiloMethod: String, Sendable {
    /// The next elements of a stream that a grain of the asked silo produces: number and limit; answers a batch.
    case nextOfStream = "stream.next"
    /// Nobody reads a stream any more: its number.
    case endOfStream = "stream.end"
    /// Events for an observer in the asked silo: its number, then the events; answers whether it is there.
    case tellObserver = "observer.tell"
}

/// A silo that was asked for something has ended, and with it what it had.
package struct SiloEnded: Error {
    package init() {}
}
