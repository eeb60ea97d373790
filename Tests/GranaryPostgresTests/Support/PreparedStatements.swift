import GranaryTestSupport

/// Has a database write down how many statements a session has prepared whenever it writes states.
struct PreparedStatements {
    private let database: TestDatabase

    /// - Parameters:
    ///   - database: The database.
    ///   - forgetting: Whether they are thrown away each time.
    init(in database: TestDatabase, forgetting: Bool = false) async throws {
        self.database = database
        try await database.psql(
            """
            create table prepared (count int);
            create function note_prepared() returns trigger language plpgsql security definer as $$
            begin
                insert into prepared select count(*) from pg_prepared_statements;
                \(forgetting ? "deallocate all;" : "")
                return null;
            end $$;
            create trigger note_prepared after insert or update on granary.state
                for each statement execute function note_prepared()
            """)
    }

    /// The most that a session had prepared since this was asked last.
    func most() async throws -> String {
        let most = try await database.psql("select coalesce(max(count), 0) from prepared")
        try await database.psql("truncate prepared")
        return most
    }
}
