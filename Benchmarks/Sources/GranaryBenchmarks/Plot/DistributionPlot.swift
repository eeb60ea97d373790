#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How long operations took, as a distribution: how great a part of them lay in each bucket of times, both on logarithmic
/// axes, so that the few that waited longest are seen, too.
struct DistributionPlot {
    var title: String
    var note: String
    var histogram: Histogram
    /// What stands behind it, such as the same load without a disturbance.
    var calm: Histogram?

    var svg: String {
        let shown = [histogram] + (calm.map { [$0] } ?? [])
        let times = shown.flatMap { histogram in
            histogram.counts.indices.filter { histogram.counts[$0] > 0 }
                .flatMap { [Self.lower($0), Histogram.limit(of: $0)] }
        }
        let shares = shown.flatMap { histogram in
            histogram.counts.filter { $0 > 0 }.map { Double($0) / Double(histogram.count) }
        }
        let (least, most) = (shares.min() ?? 0.01, shares.max() ?? 1)
        // A single one stands above the axis, and there is room above for what is written there.
        let frame = Frame(
            x: Axis("time of a call", .logarithmic, values: times, format: Axis.time),
            y: Axis(
                "share of calls", .logarithmic, values: [least / 2, most * pow(2 * most / least, 0.25)],
                format: { $0 > 1.001 ? "" : "\(Numeral.significant(100 * $0)) %" }),
            right: 790, bottom: 372)
        var drawing = Drawing(width: 820, height: 430, title: title)
        frame.draw(title: title, note: note, on: &drawing)
        if let calm {
            drawing.path(outline(of: calm, in: frame), style: "curve", colour: LineStyle.others[0].colour)
        }
        let outline = outline(of: histogram, in: frame)
        let colour = LineStyle.grain.colour
        drawing.path(outline, style: "area", colour: colour, isClosed: true)
        drawing.path(outline, style: "curve", colour: colour)
        quantiles(in: frame, on: &drawing)
        legend(on: &drawing)
        return drawing.svg
    }

    /// The steps of the buckets, from the axis to the axis.
    private func outline(of histogram: Histogram, in frame: Frame) -> [(x: Double, y: Double)] {
        guard let first = histogram.counts.firstIndex(where: { $0 > 0 }) else { return [] }
        var points: [(x: Double, y: Double)] = []
        var height = frame.bottom
        for bucket in first..<histogram.counts.count {
            let count = histogram.counts[bucket]
            let (x, y) = frame.point(Self.lower(bucket), Double(count) / Double(histogram.count))
            points.append((x, height))
            height = y
            points.append((x, height))
        }
        let end = frame.point(Histogram.limit(of: histogram.counts.count - 1), 1).x
        return points + [(end, height), (end, frame.bottom)]
    }

    /// Lines at the middle, the 99th percentile and the longest, each with its text at a height of its own.
    private func quantiles(in frame: Frame, on drawing: inout Drawing) {
        let marks = [
            ("half", histogram.percentile(0.5)), ("99 %", histogram.percentile(0.99)), ("all", histogram.longest),
        ]
        // All lines first: a text covers what it crosses.
        let rows: [(text: String, x: Double, y: Double)] = marks.enumerated().map { row, mark in
            (
                text: "\(mark.0) ≤ \(Axis.time(mark.1))", x: frame.point(mark.1, 1).x,
                y: frame.top + 14 + Double(row) * 18
            )
        }
        for row in rows { drawing.line(row.x, row.y - 11, row.x, frame.bottom, style: "quantile") }
        for row in rows {
            let isNearEdge = row.x + 6 + Drawing.width(of: row.text, size: 12.5) > frame.right
            drawing.text(
                row.text, x: row.x + (isNearEdge ? -6 : 6), y: row.y, style: "label halo",
                anchor: isNearEdge ? .end : .start)
        }
    }

    private func legend(on drawing: inout Drawing) {
        var x = 140.0
        var entries = [(histogram, LineStyle.grain.colour)]
        if let calm { entries.append((calm, LineStyle.others[0].colour)) }
        for (histogram, colour) in entries {
            let text = "\(histogram.name), \(Numeral.text(Double(histogram.count))) calls"
            drawing.path([(x, 68), (x + 16, 68)], style: "chief", colour: colour)
            drawing.text(text, x: x + 24, y: 72)
            x += 44 + Drawing.width(of: text, size: 12.5)
        }
    }

    private static func lower(_ bucket: Int) -> Double { Histogram.limit(of: bucket) / 1.125 }
}
