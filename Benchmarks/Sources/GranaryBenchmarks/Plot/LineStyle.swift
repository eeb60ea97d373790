/// How a line of a plot looks: grains are always the same, and stand out.
struct LineStyle {
    var colour: String
    var mark: Mark
    var style: String

    static let grain = LineStyle(colour: "#1f7a4d", mark: .circle, style: "chief")

    static let erlang = LineStyle(colour: "#c2570c", mark: .triangle, style: "curve")

    /// Those of the others, which are told apart also by people who see few colours, and in print.
    static let others = [
        LineStyle(colour: "#5b6b7f", mark: .square, style: "curve"),
        LineStyle(colour: "#2f6fbd", mark: .diamond, style: "curve"),
        LineStyle(colour: "#7b4ea8", mark: .cross, style: "curve"),
    ]

    /// The styles of lines with such names, in their order.
    static func all(for names: [String]) -> [LineStyle] {
        var other = 0
        let chief = names.firstIndex { $0.hasPrefix("grain") } ?? (names.count == 1 ? 0 : nil)
        return names.indices.map { index in
            if index == chief { return grain }
            if names[index].hasPrefix("Erlang") { return erlang }
            defer { other += 1 }
            return others[other % others.count]
        }
    }
}
