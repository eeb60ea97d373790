/// A plot of the page on performance, made of what benchmarks found.
struct Plot: Sendable {
    /// The name of its file and of its place on the page.
    var name: String
    /// The benchmark whose results it shows.
    var benchmark: String
    /// What it shows, for people.
    var title: String
    /// The drawing; nothing if what it shows was not measured.
    var draw: @Sendable (_ plot: Plot, _ results: ResultSet) -> String?

    init(
        _ name: String, _ title: String, by benchmark: String,
        draw: @escaping @Sendable (_ plot: Plot, _ results: ResultSet) -> String?
    ) {
        self.name = name
        self.title = title
        self.benchmark = benchmark
        self.draw = draw
    }
}
