/// Thrown towards the caller's route: the grain lives elsewhere by the view named, and the call did not start.
package struct GrainMoved: Error {
    /// The number of the view that says so.
    package var view: Int64

    package init(view: Int64) { self.view = view }
}
