import ArgumentParser

/// Where a benchmark's results go, beside the terminal.
struct Output: ParsableArguments {
    @Option(help: "A file for the results, as JSON.") var json: String?

    /// Writes all that was recorded, if a file is wanted.
    func write(_ recorder: Recorder) throws { try recorder.write(to: json) }
}
