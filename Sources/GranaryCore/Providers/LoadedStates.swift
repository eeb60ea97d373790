/// What a store answers to a load: a record for each name, in the order of the request.
///
/// A record is made when it is asked for, by the task that opens the activation: that one also frees it.
package struct LoadedStates: RandomAccessCollection, Sendable {
    private enum Contents {
        case records([StateRecord])
        /// The records of many loads, and where those of this one begin.
        case share(any StateRows, from: Int)
    }

    private let contents: Contents
    package let endIndex: Int

    /// Holds records that are there.
    package init(_ records: [StateRecord]) {
        contents = .records(records)
        endIndex = records.count
    }

    /// Takes a share of the rows that came for many loads.
    ///
    /// - Parameters:
    ///   - rows: The rows.
    ///   - start: Where the share begins.
    ///   - count: How many records it has.
    package init(_ rows: any StateRows, from start: Int, count: Int) {
        contents = .share(rows, from: start)
        endIndex = count
    }

    package var startIndex: Int { 0 }

    package subscript(index: Int) -> StateRecord {
        switch contents {
        case .records(let records): records[index]
        case .share(let rows, let start): rows.record(start + index)
        }
    }
}

/// Rows as they came from a database.
package protocol StateRows: AnyObject, Sendable {
    /// Makes the record of a state that was asked for; that of a state without a row is ``StateRecord/absent``.
    func record(_ index: Int) -> StateRecord
}
