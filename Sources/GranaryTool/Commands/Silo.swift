import ArgumentParser

/// `granary silo`: the cluster's silos.
struct Silo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists the silos of a cluster, asks one to leave, or declares one dead.",
        discussion: """
            SILO is a silo's number or its name. Exit status: 0 done, 1 failed, 2 it did not end in time (drain), 64 wrong \
            command line.
            """,
        subcommands: [List.self, Drain.self, Evict.self])
}
