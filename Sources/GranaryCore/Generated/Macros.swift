/// Makes an actor a grain: one virtual actor for every key, alive wherever the cluster puts it.
@attached(
    member, names: named(Key), named(context), named(_turns), named(init(context:)), named(_descriptor), named(_bind),
    named(Reference))
@attached(extension, conformances: Grain, SelfMadeGrain)
public macro Grain(
    _ name: StaticString? = nil, key: any GrainKey.Type = String.self, errors: any (Error & Codable & Sendable).Type...
) = #externalMacro(module: "GranaryMacros", type: "GrainMacro")

@attached(peer)
public macro ReadOnly() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

@attached(peer)
public macro Idempotent() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

@attached(peer)
public macro OneWay() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

@attached(peer)
public macro Method(_ name: StaticString) = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")
