/// Makes the lines of a plot out of comparisons over a quantity, one after the other.
struct Sweep {
    /// The plot that the lines belong to.
    var plot: String
    /// The lines so far, in the order of their first points.
    private(set) var curves: [Curve] = []

    init(_ plot: String) { self.plot = plot }

    /// Adds a point to the line of each name; `figures` come from one comparison.
    ///
    /// - Parameters:
    ///   - x: Where on the plot, such as the number of callers.
    ///   - figures: What was measured there.
    ///   - names: The lines' names by the beginning of the figures' ids; others stay out.
    ///   - y: What the plot shows of a figure's median.
    mutating func add(at x: Double, _ figures: [Figure], names: [(id: String, name: String)], y: (Double) -> Double) {
        for (id, name) in names {
            guard let figure = figures.first(where: { $0.id.hasPrefix(id + ".") }) else { continue }
            let point = Curve.Point(x: x, y: y(figure.median))
            if let index = curves.firstIndex(where: { $0.name == name }) {
                curves[index].points.append(point)
            } else {
                curves.append(Curve(plot: plot, name: name, points: [point]))
            }
        }
    }
}
