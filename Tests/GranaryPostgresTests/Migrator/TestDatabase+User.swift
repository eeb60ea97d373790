import GranaryTestSupport

extension TestDatabase {
    /// A connection string for this database and another user.
    func conninfo(user: String) -> String {
        guard conninfo.contains("://") else { return conninfo + " user=\(user)" }
        return conninfo + (conninfo.contains("?") ? "&" : "?") + "user=\(user)"
    }
}
