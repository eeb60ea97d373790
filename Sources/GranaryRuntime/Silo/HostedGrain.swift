public import GranaryCore

/// A grain type together with the way to make its activations; the list of them is what a silo hosts.
public struct HostedGrain: Sendable {
    package let name: String
    package let stateNames: [String]
    private let workers: StatelessWorkers?
    /// The type's version; `nil` for the first one.
    let version: GrainTypeVersion?
    package let makeHost: @Sendable (SiloRuntime) -> any GrainHosting

    init<G: Grain>(
        _ type: G.Type, options: GrainOptions, make: @escaping @Sendable (GrainContext<G>) throws -> G
    ) {
        name = G._descriptor.name
        stateNames = G._descriptor.stateNames
        workers = options.statelessWorkers
        let version = GrainTypeVersion(number: options.version, oldestBeside: options.oldestVersionBeside)
        self.version = version == GrainTypeVersion(number: 1) ? nil : version
        makeHost = { runtime in runtime.makeHost(type, options: options, make: make) }
    }

    /// Checks the type's version.
    func checkVersion() throws {
        guard let version, !(1...max(version.number, 1)).contains(version.oldestBeside) || version.number < 1 else {
            return
        }
        throw GrainError(
            .configuration,
            "The grain type '\(name)' has version \(version.number) and may serve beside version \(version.oldestBeside) and "
                + "newer ones; both must be at least 1, and the second no more than the first.")
    }

    /// Checks what the compiler cannot see of a type with several activations per key.
    func checkWorkers() throws {
        guard let workers else { return }
        if let state = stateNames.first {
            throw GrainError(
                .configuration,
                "The grain type '\(name)' has stateless workers and a state, '\(state)': several activations of one key "
                    + "would overwrite each other's. Take away '@Stored', or 'statelessWorkers'.")
        }
        if let limit = workers.limit, limit < 1 {
            throw GrainError(
                .configuration,
                "The grain type '\(name)' may have \(limit) stateless workers; it must be at least 1.")
        }
    }
}

extension Grain {
    /// Hosts this grain type with a way of your own to make its activations: the place where dependencies come in.
    ///
    /// ```swift
    /// Checkout.hosted { context in Checkout(context: context, payments: payments) }
    /// ```
    ///
    /// - Parameters:
    ///   - options: How activations are kept; the type's own options unless said otherwise.
    ///   - make: Makes an activation from its context; it runs once per activation.
    /// - Returns: An entry for the silo's list.
    public static func hosted(
        options: GrainOptions? = nil, _ make: @escaping @Sendable (GrainContext<Self>) throws -> Self
    ) -> HostedGrain {
        HostedGrain(Self.self, options: options ?? Self.options, make: make)
    }
}

extension SelfMadeGrain {
    /// Hosts this grain type with options of your own.
    ///
    /// - Parameter options: How activations are kept.
    /// - Returns: An entry for the silo's list.
    public static func hosted(options: GrainOptions) -> HostedGrain {
        HostedGrain(Self.self, options: options) { context in try Self(context: context) }
    }
}
