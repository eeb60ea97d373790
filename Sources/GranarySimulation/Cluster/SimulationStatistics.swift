/// What a simulation did: numbers that show that something happened at all.
package struct SimulationStatistics: Sendable {
    package var events = 0
    package var turns = 0
    package var failedCalls = 0
    package var activations = 0
    package var warmActivations = 0
    package var crashes = 0
    package var freezes = 0
    package var deaths = 0
    /// Members that said themselves that they serve no more.
    package var provenEnds = 0
    package var views: Int64 = 0
    /// Messages on control connections.
    package var controlMessages = 0
    /// Messages about ownership, and those of them that announce an installed view.
    package var ownershipMessages = 0
    package var announcements = 0
    package var sweptMembers = 0
    /// Hand-overs of unsaved states that the next owner accepted.
    package var dirtyHandovers = 0
    /// Saves that another transaction's lock kept from being decided.
    package var busySaves = 0
    /// Statements that saved several rows, and those of them that failed.
    package var batches = 0
    package var failedBatches = 0
    /// Turns that did not begin because older changes had to be saved first.
    package var waitsForFlush = 0
    /// Grains let go of while a turn ran.
    package var sealedTurns = 0

    /// Nothing happened yet.
    package init() {}
}

extension SimulationStatistics {
    /// Adds the numbers of another run.
    package mutating func add(_ other: Self) {
        events += other.events
        turns += other.turns
        failedCalls += other.failedCalls
        activations += other.activations
        warmActivations += other.warmActivations
        crashes += other.crashes
        freezes += other.freezes
        deaths += other.deaths
        provenEnds += other.provenEnds
        views += other.views
        controlMessages += other.controlMessages
        ownershipMessages += other.ownershipMessages
        announcements += other.announcements
        sweptMembers += other.sweptMembers
        dirtyHandovers += other.dirtyHandovers
        busySaves += other.busySaves
        batches += other.batches
        failedBatches += other.failedBatches
        waitsForFlush += other.waitsForFlush
        sealedTurns += other.sealedTurns
    }
}
