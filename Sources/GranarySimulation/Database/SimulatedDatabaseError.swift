/// The statement failed and nothing of it is committed.
package enum SimulatedDatabaseError: Error {
    case refused
}
