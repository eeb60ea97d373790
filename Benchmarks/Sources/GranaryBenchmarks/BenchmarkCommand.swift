import ArgumentParser

@main
struct BenchmarkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "granary-benchmarks",
        abstract: "Measures Granary beside its limits, in one run; prints ratios.",
        discussion: """
            Contestants take turns, round by round, so that a machine that slows down slows all of them. With --json FILE a \
            benchmark writes what it found, as one object:

              benchmark, command   its name, and what was typed to get the results
              figures              a list of {id, name, unit, rounds, baseline, group}: rounds has one value for each \
            round, of which the median counts; baseline is the id of the figure that it stands beside; group the title of \
            their comparison
              curves               lines of plots, a list of {plot, name, points}, where points are {x, y}
              histograms           a list of {id, name, counts, longest}: how many operations lay in each bucket of times, \
            of which the first ends at a microsecond and each other one at 1.125 times the one before; longest is in \
            nanoseconds

            'report' reads all such files of a folder.
            """,
        subcommands: [
            CallsCommand.self, ActivationsCommand.self, MemoryCommand.self, CapacityCommand.self, StorageCommand.self,
            RemoteCommand.self, RemotePeerCommand.self, ScaleCommand.self, ScaleMemoryCommand.self, StartCommand.self,
            LatencyCommand.self, DisturbanceCommand.self, SiloPeerCommand.self, MachineCommand.self, ReportCommand.self,
            CodecCommand.self,
        ])
}
