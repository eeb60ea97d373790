import Granary
import Hummingbird

/// Tells a supervisor whether the process lives, and whether it can serve.
struct HealthRoutes: Sendable {
    let silo: Silo

    func add(to router: Router<ShopContext>) {
        let silo = silo
        router.get("health/live") { _, _ in try JSON.response(["status": "live"]) }
        router.get("health/ready") { _, _ in
            silo.isReady
                ? try JSON.response(["status": "ready"]) : try Problems.busy("The shop is opening or closing.")
        }
    }
}
