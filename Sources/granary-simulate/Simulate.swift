internal import GranaryCluster
internal import GranarySimulation

/// Runs simulations by seed: `granary-simulate --seeds A...B [--silos N] [--strict] [--break NAME] [--trace]`.
@main
struct Simulate {
    static func main() {
        var seeds: ClosedRange<UInt64> = 0...499
        var options = SimulationOptions(seed: 0)
        var arguments = CommandLine.arguments.dropFirst()
        var isTraced = false
        var keepsGoing = false
        while let argument = arguments.popFirst() {
            switch argument {
            case "--seeds":
                let parts = (arguments.popFirst() ?? "").split(separator: ".").compactMap { UInt64($0) }
                guard let first = parts.first, let last = parts.last, first <= last else { return usage() }
                seeds = first...last
            case "--silos":
                guard let silos = arguments.popFirst().flatMap({ Int($0) }), silos > 0 else { return usage() }
                options.silos = silos
            case "--strict": options.mode = .strict
            case "--break":
                guard let flaw = arguments.popFirst().flatMap({ SimulatedFlaw(rawValue: $0) }) else { return usage() }
                options.flaws.insert(flaw)
            case "--trace": isTraced = true
            case "--all": keepsGoing = true
            default: return usage()
            }
        }
        let start = ContinuousClock.now
        var total = SimulationStatistics()
        var failed: [UInt64] = []
        for seed in seeds {
            options.seed = seed
            options.isTraced = isTraced && seeds.count == 1
            let simulation = ClusterSimulation(options)
            let violation = simulation.run()
            total.add(simulation.statistics)
            for line in simulation.trace { print(line) }
            guard let violation else { continue }
            failed.append(seed)
            let flags = (options.mode == .strict ? " --strict" : "") + options.flaws.map { " --break \($0)" }.joined()
            print("seed \(seed): \(violation)")
            print("  replay: granary-simulate --seeds \(seed)...\(seed) --silos \(options.silos)\(flags) --trace")
            if !keepsGoing { break }
        }
        print("\(seeds.count) seeds, failed \(failed.count), \(ContinuousClock.now - start)")
        print(total)
    }

    static func usage() {
        print("usage: granary-simulate [--seeds A...B] [--silos N] [--strict] [--break NAME] [--trace] [--all]")
        print("names: \(SimulatedFlaw.allCases.map(\.rawValue).joined(separator: " "))")
    }
}
