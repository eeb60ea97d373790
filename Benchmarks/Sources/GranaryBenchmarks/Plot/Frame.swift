/// The part of a drawing between its axes, with grid, numbers and labels.
struct Frame {
    let x: Axis
    let y: Axis
    let left = 74.0
    let top = 84.0
    let right: Double
    let bottom: Double

    init(x: Axis, y: Axis, right: Double, bottom: Double) {
        self.x = x
        self.y = y
        self.right = right
        self.bottom = bottom
    }

    func point(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
        (left + self.x.position(x) * (right - left), bottom - self.y.position(y) * (bottom - top))
    }

    /// Draws what is behind the lines: a note below the title says how to read the plot.
    func draw(title: String, note: String, on drawing: inout Drawing) {
        drawing.text(title, x: 22, y: 30, style: "title")
        drawing.text(note, x: 22, y: 50, style: "note")
        for isMinor in [true, false] {
            for tick in y.ticks where (tick.text == nil) == isMinor {
                let height = bottom - y.position(tick.value) * (bottom - top)
                drawing.line(left, height, right, height, style: isMinor ? "minor" : "grid")
                if let text = tick.text { drawing.text(text, x: left - 8, y: height + 4, style: "tick", anchor: .end) }
            }
            for tick in x.ticks where (tick.text == nil) == isMinor {
                let place = left + x.position(tick.value) * (right - left)
                drawing.line(place, top, place, bottom, style: isMinor ? "minor" : "grid")
                if let text = tick.text {
                    drawing.text(text, x: place, y: bottom + 18, style: "tick", anchor: .middle)
                }
            }
        }
        drawing.path([(left, top), (left, bottom), (right, bottom)], style: "axis")
        drawing.text(y.label, x: 22, y: top - 12, style: "label")
        drawing.text(x.label, x: (left + right) / 2, y: bottom + 40, style: "label", anchor: .middle)
    }
}
