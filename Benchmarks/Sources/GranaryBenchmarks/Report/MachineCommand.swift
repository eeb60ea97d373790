import ArgumentParser
import FoundationEssentials

/// Tells what the figures are measured on.
struct MachineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "machine", abstract: "Tells what the figures are measured on, for the report.")

    @OptionGroup var output: Output

    mutating func run() async throws {
        let machine = await Machine.current()
        print(machine.text)
        guard let path = output.json else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try (encoder.encode(machine) + Data("\n".utf8)).write(to: URL(filePath: path))
    }
}
