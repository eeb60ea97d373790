import GranaryTesting
import Testing

/// The kit itself: it passes a store without defects, and finds every defect.
@Suite(.timeLimit(.minutes(5))) struct ConformanceKitTests {
    @Test(arguments: StateStoreConformance.checks)
    func `a plain store without defects passes`(_ check: StateStoreConformance.Check) async throws {
        try await StateStoreConformance(backend: DefectiveBackend(defect: .none)).run(check)
    }

    @Test(arguments: Defect.allCases.filter { $0 != .none })
    func `a defect is found`(_ defect: Defect) async {
        for check in StateStoreConformance.checks {
            // Some defects are races: one run of a check may miss them.
            for _ in 0..<(defect == .checksBeforeItLocks ? 5 : 1) {
                do {
                    try await StateStoreConformance(backend: DefectiveBackend(defect: defect)).run(check)
                } catch is ConformanceFailure {
                    return
                } catch {
                    Issue.record("\(check) threw another error: \(error)")
                }
            }
        }
        Issue.record("no check finds \(defect)")
    }

    @Test func `rules are named once`() {
        let rules = StateStoreConformance.checks.map(\.rule) + MembershipStoreConformance.checks.map(\.rule)
        #expect(Set(rules).count == rules.count)
    }

    @Test func `a failure says rule, expectation and finding`() {
        let failure = ConformanceFailure(rule: "a rule", expected: "this", found: "that")
        #expect("\(failure)" == "a rule\n  expected: this\n  found: that")
    }
}
