import Foundation

/// Where PostgreSQL's programs are, and who may run them.
public enum PostgresPrograms {
    /// The folder with `initdb` and `pg_ctl`: of the newest server that is installed.
    public static let folder: String = {
        let base = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        return newest.map { "\(base)/\($0)/bin" } ?? "/usr/local/bin"
    }()

    /// The user who runs servers: they refuse to run as root.
    public static let owner: String = {
        guard getuid() == 0 else { return NSUserName() }
        return getpwnam("postgres") == nil ? "nobody" : "postgres"
    }()

    /// A command that runs one of PostgreSQL's programs as the ``owner``.
    public static func command(_ words: [String]) -> Command {
        var words = words
        if let program = words.first, FileManager.default.isExecutableFile(atPath: "\(folder)/\(program)") {
            words[0] = "\(folder)/\(program)"
        }
        return Command(asOwner(words))
    }

    /// A command line that runs as the ``owner``.
    public static func asOwner(_ words: [String]) -> [String] {
        getuid() == 0 ? ["runuser", "-u", owner, "--"] + words : words
    }
}
