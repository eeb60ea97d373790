/// An SVG on white paper, which reads the same on a dark page.
struct Drawing {
    enum Anchor: String {
        case start, middle, end
    }

    let width: Double
    let height: Double
    /// What it shows, for those who do not see it.
    let title: String
    private var lines: [String] = []

    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        self.title = title
    }

    /// How wide a text is at most, in the widest of the usual fonts.
    static func width(of text: String, size: Double) -> Double { Double(text.count) * size * 0.62 }

    mutating func text(
        _ text: String, x: Double, y: Double, style: String = "label", anchor: Anchor = .start
    ) {
        lines.append(
            #"<text class="\#(style)" x="\#(Self.number(x))" y="\#(Self.number(y))" text-anchor="\#(anchor.rawValue)">"#
                + "\(Self.escape(text))</text>")
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        path([(x1, y1), (x2, y2)], style: style)
    }

    /// A line through points; one that ends where it began, and is filled, when `isClosed`.
    mutating func path(_ points: [(x: Double, y: Double)], style: String, colour: String = "", isClosed: Bool = false) {
        guard let first = points.first else { return }
        var data = "M\(Self.number(first.x)) \(Self.number(first.y))"
        for point in points.dropFirst() { data += "L\(Self.number(point.x)) \(Self.number(point.y))" }
        if isClosed { data += "Z" }
        let paint = colour.isEmpty ? "" : isClosed ? #" fill="\#(colour)""# : #" stroke="\#(colour)""#
        lines.append(#"<path class="\#(style)"\#(paint) d="\#(data)"/>"#)
    }

    mutating func mark(_ mark: Mark, x: Double, y: Double, colour: String) {
        lines.append(
            #"<path class="mark" fill="\#(colour)" transform="translate(\#(Self.number(x)) \#(Self.number(y)))" "#
                + #"d="\#(mark.path)"/>"#)
    }

    /// The whole file.
    var svg: String {
        let size = "\(Self.number(width)) \(Self.number(height))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" font-family="-apple-system, 'Segoe UI', Roboto, \
            'Helvetica Neue', Arial, sans-serif" role="img" aria-labelledby="title">
              <title id="title">\(Self.escape(title))</title>
              <style>
                .paper { fill: #ffffff; stroke: #d9dfe6 }
                .title { font-size: 16px; font-weight: 600; fill: #1c2733 }
                .note { font-size: 12.5px; fill: #5b6b7f }
                .label { font-size: 12.5px; fill: #33404f }
                .tick { font-size: 12px; fill: #48566a }
                .axis { fill: none; stroke: #8492a3; stroke-width: 1 }
                .grid { fill: none; stroke: #e3e8ee; stroke-width: 1 }
                .minor { fill: none; stroke: #f1f4f7; stroke-width: 1 }
                .curve { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round }
                .chief { fill: none; stroke-width: 3; stroke-linejoin: round; stroke-linecap: round }
                .leader { fill: none; stroke: #b4bec9; stroke-width: 1 }
                .quantile { fill: none; stroke: #1c2733; stroke-width: 1; stroke-dasharray: 3 3 }
                .mark { stroke: #ffffff; stroke-width: 1.2 }
                .halo { paint-order: stroke; stroke: #ffffff; stroke-width: 4; stroke-linejoin: round }
                .area { fill-opacity: 0.32; stroke: none }
              </style>
              <rect class="paper" x="0.5" y="0.5" width="\(Self.number(width - 1))" height="\(Self.number(height - 1))" \
            rx="10"/>
            \(lines.map { "  " + $0 }.joined(separator: "\n"))
            </svg>

            """
    }

    private static func number(_ value: Double) -> String {
        let text = Numeral.decimal(value, 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
