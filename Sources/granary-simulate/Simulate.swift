internal import GranaryCluster
internal import GranarySimulation

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Runs simulations by seed: `granary-simulate --seeds A...B [--silos N] [--strict] [--break NAME] [--trace]`.
///
/// `--converge N` measures instead what single changes cost a cluster of N silos.
/// With `--versions` silos host different versions of a grain type. `--all` goes on after a failure; `--workers` says how many run at a time, 2 if it is not given.
@main
struct Simulate {
    static func main() async {
        var seeds: ClosedRange<UInt64> = 0...499
        var options = SimulationOptions(seed: 0)
        var arguments = CommandLine.arguments.dropFirst()
        var isTraced = false
        var keepsGoing = false
        var workers = 2
        while let argument = arguments.popFirst() {
            switch argument {
            case "--seeds":
                let parts = (arguments.popFirst() ?? "").split(separator: ".").compactMap { UInt64($0) }
                guard let first = parts.first, let last = parts.last, first <= last else { usage() }
                seeds = first...last
            case "--silos":
                guard let silos = arguments.popFirst().flatMap({ Int($0) }), silos > 0 else { usage() }
                options.silos = silos
            case "--workers":
                guard let count = arguments.popFirst().flatMap({ Int($0) }), count > 0 else { usage() }
                workers = count
            case "--converge":
                guard let silos = arguments.popFirst().flatMap({ Int($0) }), silos > 4 else { usage() }
                return converge(silos)
            case "--strict": options.mode = .strict
            case "--versions": options.hasVersions = true
            case "--break":
                guard let flaw = arguments.popFirst().flatMap({ SimulatedFlaw(rawValue: $0) }) else { usage() }
                options.flaws.insert(flaw)
            case "--trace": isTraced = true
            case "--all": keepsGoing = true
            default: usage()
            }
        }
        let start = ContinuousClock.now
        var total = SimulationStatistics()
        var failed: [UInt64] = []
        options.isTraced = isTraced && seeds.count == 1
        // Some at a time; the results come in the seeds' order.
        var ran = 0
        var next = seeds.lowerBound
        while next <= seeds.upperBound, keepsGoing || failed.isEmpty {
            let last = min(next + 15, seeds.upperBound)
            let results = await withTaskGroup(of: [Result].self) { group in
                for worker in 0..<workers {
                    let options = options
                    let own = stride(from: next + UInt64(worker), through: last, by: workers)
                    group.addTask { @concurrent in own.map { run($0, options) } }
                }
                var all: [Result] = []
                for await some in group { all += some }
                return all.sorted { $0.seed < $1.seed }
            }
            for result in results where keepsGoing || failed.isEmpty {
                ran += 1
                total.add(result.statistics)
                for line in result.trace { print(line) }
                guard let violation = result.violation else { continue }
                failed.append(result.seed)
                print("seed \(result.seed): \(violation)")
                print("  replay: granary-simulate \(options.arguments(seed: result.seed)) --trace")
            }
            next = last + 1
        }
        print("\(ran) seeds, failed \(failed.count), \(ContinuousClock.now - start)")
        print(total)
        if !failed.isEmpty { exit(1) }
    }

    struct Result: Sendable {
        var seed: UInt64
        var violation: String?
        var trace: [String]
        var statistics: SimulationStatistics
    }

    static func run(_ seed: UInt64, _ options: SimulationOptions) -> Result {
        var options = options
        options.seed = seed
        let simulation = ClusterSimulation(options)
        let violation = simulation.run()
        return Result(
            seed: seed, violation: violation, trace: simulation.trace, statistics: simulation.statistics)
    }

    /// Makes single changes to a large cluster, once with one grain and once with thousands.
    static func converge(_ silos: Int) {
        let start = ContinuousClock.now
        let few = ConvergenceStudy(silos: silos, grains: 1)
        let many = ConvergenceStudy(silos: silos, grains: 4_000)
        print(few)
        print(many)
        let faults = few.faults(beside: many) + many.faults(beside: few)
        for fault in faults { print("FAULT \(fault)") }
        print("\(faults.count) faults, \(ContinuousClock.now - start)")
        if !faults.isEmpty { exit(1) }
    }

    static func usage() -> Never {
        print(
            """
            usage: granary-simulate [--seeds A...B] [--silos N] [--strict] [--versions] [--break NAME] [--trace] [--all]
                                    [--workers N]
                   granary-simulate --converge SILOS
            """)
        print("names: \(SimulatedFlaw.allCases.map(\.rawValue).joined(separator: " "))")
        // EX_USAGE of sysexits.h.
        exit(64)
    }
}
