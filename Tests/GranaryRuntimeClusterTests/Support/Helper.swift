import Granary

/// A grain that keeps nothing: every silo has its own.
@Grain("helper") actor Helper {
    static let options = GrainOptions(statelessWorkers: .upTo(2))

    private let silo: String

    init(context: GrainContext<Helper>, silo: String) {
        self.context = context
        self.silo = silo
    }

    /// The silo that it runs on.
    func place() -> String { silo }
}
