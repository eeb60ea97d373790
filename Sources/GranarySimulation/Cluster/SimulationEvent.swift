internal import GranaryCluster

/// What happens at one moment.
///
/// Numbers of processes, grains and calls are indices.
enum SimulationEvent {
    case start(slot: Int)
    case tick(process: Int)
    case surveyed(process: Int, view: Int64)
    case control(ClusterMessage, from: Int, to: Int)
    case session(SimulatedFrame, from: Int, to: Int, epoch: Int)
    case closed(process: Int, to: Int)
    case dial(process: Int, silo: Int32)
    case dialed(process: Int, silo: Int32, DialOutcome)
    case storeArrives(process: Int, StoreRequest, released: Int64, tag: UInt64)
    case storeAnswers(process: Int, tag: UInt64, StoreAnswer)
    case loadArrives(process: Int, grain: Int, activation: Int)
    case loadAnswers(process: Int, grain: Int, activation: Int, SimulatedDatabase.Row?)
    case batchLeaves(process: Int)
    case saveArrives(process: Int, [SimulatedSaveRow])
    case saveAnswers(process: Int, grain: Int, activation: Int, etag: UInt64, SimulatedDatabase.SaveOutcome)
    case saveRetry(process: Int, grain: Int, activation: Int, etag: UInt64)
    case loadRetry(process: Int, grain: Int, activation: Int)
    case saveBehind(process: Int, grain: Int, activation: Int)
    case handoverLimit(process: Int, grain: Int, activation: Int)
    case turnEnds(process: Int, grain: Int, activation: Int, call: Int)
    case issue(process: Int)
    case flush(process: Int, grain: Int)
    case deadline(call: Int)
    case wake(process: Int)
    case kill(process: Int)
    case exit(process: Int)
    case hint(process: Int, view: Int64)
    case fault
    case undo(SimulatedFault)
    case heal
    case leaveSlowly

    /// The process whose standing still delays the event.
    var process: Int? {
        switch self {
        case .tick(let process), .surveyed(let process, _), .control(_, _, let process), .session(_, _, let process, _),
            .closed(_, let process), .dialed(let process, _, _), .storeAnswers(let process, _, _),
            .loadAnswers(let process, _, _, _), .saveAnswers(let process, _, _, _, _), .saveRetry(let process, _, _, _),
            .loadRetry(let process, _, _), .saveBehind(let process, _, _), .turnEnds(let process, _, _, _),
            .issue(let process), .flush(let process, _), .batchLeaves(let process), .handoverLimit(let process, _, _),
            .hint(let process, _):
            process
        case .start, .dial, .storeArrives, .loadArrives, .saveArrives, .deadline, .wake, .kill, .exit, .fault, .undo,
            .heal, .leaveSlowly:
            nil
        }
    }
}

/// What travels in order between two processes.
enum SimulatedFrame {
    case cluster(ClusterMessage)
    case call(Int, route: Int, view: Int64)
    case reply(Int, SimulatedReply, view: Int64)
}

/// How a call was answered.
enum SimulatedReply {
    case done
    /// Nothing was stored, and nothing will be.
    case failed
    /// Nobody knows.
    case unknown
    case notStarted
}

/// One attempt to write a grain's row; sent again with the same etags until its outcome is known.
struct SimulatedSave {
    var expected: UInt64?
    var next: UInt64
    var value: SimulatedState
    var attempts = 1
    /// A statement with it fails: of others in it nothing is stored, either.
    var isBad = false
    /// It goes in a statement of its own, since one with others failed, or its row was locked (S3).
    var isAlone = false
}

/// One row of a statement that saves.
struct SimulatedSaveRow {
    var grain: Int
    var activation: Int
    var save: SimulatedSave
}

/// Something bad that is going on.
enum SimulatedFault {
    case partition(Set<Int>, oneWay: Bool)
    case databaseDown
    case databaseUnreachable(slot: Int)
    case slowDatabase
    case saturated
    case lateNews(slot: Int)
}
