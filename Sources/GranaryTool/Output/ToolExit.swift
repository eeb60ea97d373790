import ArgumentParser

/// The tool's exit statuses beside 0 and the 64 of a wrong command line.
enum ToolExit {
    /// Something failed: the database cannot be reached, refuses, or lacks a right.
    static let failure = ExitCode(1)
    /// Migrations are pending, or a check of `doctor` found a fault.
    static let attention = ExitCode(2)
    /// The histories of tool and database do not fit each other; trying again is of no use.
    static let refused = ExitCode(3)
}
