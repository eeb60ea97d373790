import ArgumentParser

@main
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "granary-benchmarks",
        abstract: "Measures Granary beside its limits, in one run; prints ratios.",
        subcommands: [
            CallsCommand.self, ActivationsCommand.self, MemoryCommand.self, CapacityCommand.self, StorageCommand.self,
            RemoteCommand.self, RemotePeerCommand.self, CodecCommand.self,
        ])
}
