import ArgumentParser
import Granary

/// A warm local call beside a bare actor's, and beside an Erlang process's.
struct CallsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calls", abstract: "Warm local calls beside calls of a bare actor and of an Erlang gen_server.")

    @Option(help: "How many rounds.") var rounds = 7
    @Option(help: "How many calls a round.") var calls = 1_000_000
    @Option(parsing: .upToNextOption, help: "How many callers call at the same time.") var callers = [1, 64, 100]
    @Option(parsing: .upToNextOption, help: "How many callers the plots show, for one kind of call.")
    var sweep = [1, 4, 16, 64, 256, 1_024]
    @OptionGroup var erlang: Erlang
    @OptionGroup var output: Output

    @concurrent
    mutating func run() async throws {
        let recorder = Recorder("calls")
        let command = self
        try await command.erlang.withCounters { peer in
            try await LocalCalls(command, recorder, peer).measure()
        }
        try command.output.write(recorder)
    }
}
