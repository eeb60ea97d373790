internal import GranaryCore
internal import Synchronization

/// Lets the one-way calls of this silo to one grain run in the order in which they were handed over.
final class PostOrder: Sendable {
    private struct Line {
        var length = 0
        var last: Rendezvous<Void>?
    }

    private let lines = Mutex<[GrainID: Line]>([:])

    /// A place in the line of one grain's one-way calls.
    struct Place: Sendable {
        /// Met when the call before this one has ended; `nil` when there is none.
        let before: Rendezvous<Void>?
        /// To be met when this call has ended.
        let end: Rendezvous<Void>
    }

    /// Takes the next place.
    ///
    /// - Parameters:
    ///   - grain: The grain that is called.
    ///   - limit: How many may stand in line.
    /// - Returns: The place; `nil` when the line is too long.
    func join(_ grain: GrainID, limit: Int) -> Place? {
        lines.withLock { lines in
            var line = lines[grain] ?? Line()
            guard line.length < limit else { return nil }
            let place = Place(before: line.last, end: Rendezvous())
            line.length += 1
            line.last = place.end
            lines[grain] = line
            return place
        }
    }

    /// Leaves the line, and lets the next one go.
    func leave(_ grain: GrainID, _ place: Place) {
        lines.withLock { lines in
            guard var line = lines[grain] else { return }
            line.length -= 1
            lines[grain] = line.length == 0 ? nil : line
        }
        place.end.finish(())
    }
}
