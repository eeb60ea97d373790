import Foundation

/// Runs programs that tests need, off Swift's cooperative pool.
public struct Command: Sendable {
    /// A program that did not end well.
    public struct Failure: Error, CustomStringConvertible {
        /// The command line, its exit status and what it said.
        public let description: String

        /// Makes a failure.
        ///
        /// - Parameter description: What failed, in words.
        public init(description: String) { self.description = description }
    }

    /// The program and its arguments.
    public var words: [String]
    /// Variables that are added to the environment.
    public var environment: [String: String]

    /// Describes a command.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments; the program is looked up in `PATH`.
    ///   - environment: Variables that are added to the environment.
    public init(_ words: [String], environment: [String: String] = [:]) {
        self.words = words
        self.environment = environment
    }

    /// Runs the command on a thread of its own and waits for its end.
    ///
    /// - Returns: What it printed.
    /// - Throws: ``Failure`` when its exit status is not 0.
    @discardableResult
    public func run() async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try runBlocking() }) }
        }
    }

    /// Runs the command and blocks the thread until it ends.
    ///
    /// - Returns: What it printed.
    /// - Throws: ``Failure`` when its exit status is not 0.
    @discardableResult
    public func runBlocking() throws -> String {
        // A file, not a pipe: a server that was started keeps a pipe open for as long as it lives.
        let folder = try TemporaryFolder("run")
        defer { folder.remove() }
        let output = folder.file("output")
        let status = try ChildProcess(words, environment: environment, output: output).wait()
        let text = String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self)
        guard status == 0 else {
            throw Failure(description: "\(words.joined(separator: " ")): status \(status): \(text)")
        }
        return text
    }
}
