internal import GranaryCluster
internal import GranarySimulation

/// Runs simulations by seed.
@main
struct Simulate {
    static func main() {
        let arguments = CommandLine.arguments
        let count = UInt64(arguments.dropFirst().first ?? "1000") ?? 1000
        for (name, weakness) in [("none", []), ("releasedOrDead", .releasedOrDead), ("skipWatermark", .skipWatermark), ("buryAtOnce", .buryAtOnce), ("trustHandovers", .trustHandovers)] as [(String, OwnershipWeakness)] {
            for strict in [false, true] {
                var bad: [UInt64] = []
                var activations = 0
                var warm = 0
                let start = ContinuousClock.now
                for seed in 0..<count {
                    var walk = OwnershipWalk(seed: seed, strict: strict, weakness: weakness)
                    if walk.run() != nil { bad.append(seed) }
                    activations += walk.activations
                    warm += walk.warmActivations
                }
                print(name, strict ? "strict" : "fast", "bad", bad.count, bad.prefix(3), "activations", activations, "warm", warm, ContinuousClock.now - start)
                if name == "none", let seed = bad.first ?? (activations == 0 ? 1 : nil) {
                    var walk = OwnershipWalk(seed: seed, strict: strict, isTraced: true)
                    let text = walk.run()
                    for line in walk.trace.suffix(80) { print(line) }
                    print(text ?? "")
                }
            }
        }
    }
}
