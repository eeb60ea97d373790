/// Lines over a quantity, each with its name where it ends.
struct LinePlot {
    var title: String
    /// How to read it.
    var note: String
    var x: Axis
    var y: Axis
    var curves: [Curve]

    /// A name beside the end of its line, or as near as others let it be.
    private struct Label {
        var words: [String]
        var style: LineStyle
        var end: (x: Double, y: Double)
        var y: Double
        var height: Double { Double(words.count) * 15 + 6 }
    }

    var svg: String {
        let names = curves.map { Self.wrap($0.name, width: 24) }
        let longest = names.joined().map { Drawing.width(of: $0, size: 12.5) }.max() ?? 0
        let width = 820.0
        let frame = Frame(x: x, y: y, right: width - longest - 58, bottom: 372)
        var drawing = Drawing(width: width, height: 430, title: title)
        frame.draw(title: title, note: note, on: &drawing)
        var labels: [Label] = []
        // Grains last, above the others.
        let styled = zip(zip(curves, names), LineStyle.all(for: curves.map(\.name)))
            .sorted { $0.1.style != "chief" && $1.1.style == "chief" }
        for ((curve, words), style) in styled {
            let points = curve.points.map { frame.point($0.x, $0.y) }
            drawing.path(points, style: style.style, colour: style.colour)
            for point in points { drawing.mark(style.mark, x: point.x, y: point.y, colour: style.colour) }
            if let end = points.last { labels.append(Label(words: words, style: style, end: end, y: end.y)) }
        }
        for label in Self.spread(labels, from: frame.top, to: frame.bottom) {
            let x = frame.right + 24
            drawing.path([(label.end.x + 7, label.end.y), (x - 8, label.y)], style: "leader")
            drawing.mark(label.style.mark, x: x, y: label.y, colour: label.style.colour)
            let first = label.y + 4.5 - Double(label.words.count - 1) * 7.5
            for (index, text) in label.words.enumerated() {
                drawing.text(text, x: x + 12, y: first + Double(index) * 15)
            }
        }
        return drawing.svg
    }

    /// Moves labels apart, in the order of their lines' ends, and keeps them beside the plot.
    private static func spread(_ labels: [Label], from top: Double, to bottom: Double) -> [Label] {
        var sorted = labels.sorted { $0.end.y < $1.end.y }
        func push(_ index: Int, below other: Int) {
            let least = sorted[other].y + (sorted[other].height + sorted[index].height) / 2
            sorted[index].y = max(sorted[index].y, least)
        }
        for index in sorted.indices {
            sorted[index].y = max(sorted[index].y, top)
            if index > 0 { push(index, below: index - 1) }
        }
        for index in sorted.indices.reversed() {
            var limit = bottom
            if index + 1 < sorted.count {
                limit = sorted[index + 1].y - (sorted[index].height + sorted[index + 1].height) / 2
            }
            sorted[index].y = min(sorted[index].y, limit)
        }
        return sorted
    }

    /// A name in lines of so many letters.
    private static func wrap(_ name: String, width: Int) -> [String] {
        var lines: [String] = []
        for word in name.split(separator: " ") {
            if let last = lines.last, last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
