import ArgumentParser
import FoundationEssentials
import Subprocess

/// The peer in Erlang, where it is installed: the same counters behind `gen_server`, measured in turn with Granary's.
struct Erlang: ParsableArguments {
    @Option(help: "The source of the peer in Erlang; it is left out where Erlang is not installed.")
    var erlang = "Benchmarks/Erlang/counter.erl"

    /// Runs a body beside a virtual machine with counters of its own; without one where there is no Erlang.
    func withCounters(_ body: (ErlangPeer?) async throws -> Void) async throws {
        guard let folder = try await compile() else { return try await body(nil) }
        defer { folder.remove() }
        try await ErlangPeer.with(["-run", "counter", "ask"], in: folder, body)
    }

    /// Runs a body beside two virtual machines, of which one calls the other's counters; without them where there is no
    /// Erlang.
    ///
    /// Both listen on the loopback interface only, have a random secret, and find each other by a port that both know, so
    /// that Erlang's name service, which outlives virtual machines, is not needed.
    func withNodes(_ body: (ErlangPeer?) async throws -> Void) async throws {
        guard let folder = try await compile() else { return try await body(nil) }
        defer { folder.remove() }
        let name = "granary-\(UInt32.random(in: 0 ... .max))"
        let arguments = [
            "-setcookie", "\(UInt64.random(in: 0 ... .max))", "-kernel", "inet_dist_use_interface", "{127,0,0,1}",
            "-start_epmd", "false", "-erl_epmd_port", "\(try await FreePort.find())",
        ]
        // In a file, because everybody may read the arguments of a process.
        try folder.write(arguments.joined(separator: " "), to: "distribution")
        let common = ["-args_file", folder.path("distribution")]
        let server = common + ["-name", "\(name)@127.0.0.1", "-run", "counter", "serve"]
        try await ErlangPeer.with(server, in: folder) { _ in
            let client =
                common + ["-dist_listen", "false", "-name", "\(name)-caller@127.0.0.1"]
                + ["-run", "counter", "ask", "\(name)@127.0.0.1"]
            try await ErlangPeer.with(client, in: folder, body)
        }
    }

    /// A folder with the compiled peer, or nothing, said so, where there is no compiler.
    private func compile() async throws -> ErlangFolder? {
        let compiler = Executable.name("erlc")
        guard (try? await compiler.resolveExecutablePath(in: .inherit)) != nil else {
            print("Erlang is not installed: its figures are left out.")
            return nil
        }
        let folder = try ErlangFolder()
        do {
            let result = try await Subprocess.run(
                compiler, arguments: ["-o", folder.path, erlang], output: .string(limit: 1 << 16),
                error: .combinedWithOutput)
            guard result.terminationStatus.isSuccess else {
                throw ValidationError("\(erlang) does not compile: \(result.standardOutput)")
            }
            return folder
        } catch {
            folder.remove()
            throw error
        }
    }
}
