/// Rows and columns, as a terminal or a page shows them.
struct Table {
    var head: [String]
    var rows: [[String]]

    /// Columns padded to the longest text in each.
    var text: String {
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head, widths.map { String(repeating: "-", count: $0) }] + rows).map { row in
            var line = zip(row, widths).map { Measure.pad($0, $1) }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// As Markdown has it.
    var markdown: String {
        let lines = ([head] + rows).map { row in
            "| " + row.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        let rule = "|" + String(repeating: "---|", count: head.count)
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }
}
